/** What a server begins with. */
export interface Seed {
  users?: { userID: string; nickname?: string; faceURL?: string }[];
  /** Pairs of user IDs. */
  friends?: [string, string][];
  /** The first member is the owner. */
  groups?: { groupID: string; groupName?: string; memberUserIDs: string[] }[];
  /** In the order they were sent, each to a user or to a group. */
  messages?: ({ from: string; /** Unix milliseconds; a second apart if left out. */ sendTime?: number } & (
    | { to: string }
    | { groupID: string }
  ) &
    ({ text: string } | { content: object; contentType: number }))[];
}

export interface Options {
  /** 0, the default, takes a free one. */
  port?: number;
  /** `127.0.0.1` unless given. */
  host?: string;
  /** `demo` (alice, bob, carol and dave, friends who share the group `garden`), `empty`, or your own. */
  seed?: 'demo' | 'empty' | Seed;
  /** A folder that is served beside the API. */
  files?: string;
}

/** A message as a user sends it. `{n}` in the text is the number of the copy. */
export type Sent = { from: string; count?: number } & ({ to: string } | { groupID: string }) &
  ({ text: string } | { content: object; contentType: number });

/** What tests do to the server: action and argument. */
export interface Controls {
  /** Begins anew. */
  reset: { seed?: 'demo' | 'empty' | Seed };
  token: { userID: string; platformID?: number };
  /** As if that user sent. */
  send: Sent;
  /** Single chats with texts, for long lists. */
  bulk: { userID: string; conversations: number; messages: number };
  /** Faults of a user's next pushes. */
  pushes: { userID: string; drop?: number; duplicate?: number; reorder?: number; delayMs?: number };
  /**
   * Faults of a user's next sends. `loseAck`: stored, not answered, the connection cut; `loseMessage`: not stored
   * either; `noAnswer`: stored, never answered.
   */
  sends: { userID: string; faults: ('loseAck' | 'loseMessage' | 'noAnswer')[] };
  /** Faults of the next calls of a path: HTTP 429, HTTP 500, a refusal, a web page, no answer. */
  rest: { path: string; faults: ('tooMany' | 'broken' | 'refused' | 'html' | 'hang')[] };
  /** Sequence numbers that are skipped before a conversation's next message. */
  holes: { conversationID: string; count: number };
  /** Sequence numbers answered with a placeholder, so many times or for good. */
  placeholders: { conversationID: string; seqs: number[]; times?: number };
  /** Conversations that answers leave out. */
  absent: { conversationIDs: string[] };
  /** Cuts a user's connections. */
  disconnect: { userID: string };
  /** Refuses all connects from now on. */
  refuse: { on: boolean };
  /** Another login takes over. */
  kick: { userID: string; platformID?: number };
  /** A user's tokens are too old from now on. */
  expire: { userID: string };
  /** A binary frame as it is. */
  raw: { userID: string; base64: string };
  /** Object storage: off, least size of a part, whether bytes are kept, faults of the next PUTs ('' is none). */
  storage: {
    off?: boolean;
    minPartSize?: number;
    keeps?: boolean;
    faults?: ('cut' | 'broken' | 'refused' | 'corrupt' | '')[];
  };
  /** ID, name and face of every user. */
  users: Record<string, never>;
  /** What the object storage has. */
  objects: Record<string, never>;
  /** Milliseconds from a send's acknowledgement to its storage and push; the steps of the server's clock. */
  config: {
    storeDelayMs?: number | [least: number, most: number];
    onlineTickMs?: number;
    clockStepMs?: number;
    marks?: boolean;
    warmMembers?: boolean;
    fromDatabase?: boolean;
    fullRequests?: boolean;
    rowsAtOnce?: boolean;
    bareDeltas?: boolean;
  };
  state: Record<string, never>;
}

/** What actions answer. */
export interface Answers {
  token: { token: string };
  send: { clientMsgIDs: string[] };
  users: { users: { userID: string; nickname: string; faceURL: string }[] };
  objects: { puts: number; names: string[] };
  /** All the server holds. */
  state: {
    channels: Record<string, { maxSeq: number; minSeq: number; messages: Record<string, unknown>[] }>;
    connections: Record<string, number>;
    groups: Record<string, string[]>;
    hasRead: { userID: string; conversationID: string; hasReadSeq: number }[];
    rows: Record<string, unknown>[];
  };
}

export interface TestServer {
  readonly port: number;
  /** For `apiAddr`. */
  readonly api: string;
  /** For `wsAddr`. */
  readonly ws: string;
  /** A token for a login. It does not end older ones. */
  token(userID: string, platformID?: number): Promise<string>;
  /** Does something to the server; rejects if there is no such action or an argument is wrong. */
  control<A extends keyof Controls>(
    action: A,
    ...body: {} extends Controls[A] ? [body?: Controls[A]] : [body: Controls[A]]
  ): Promise<A extends keyof Answers ? Answers[A] : Record<string, never>>;
  /** Begins anew; everybody is disconnected. */
  reset(seed?: 'demo' | 'empty' | Seed): Promise<void>;
  /** Ends it: all connections, then the port. */
  close(): Promise<void>;
}

/** Starts a server; resolves when it listens. Rejects if the port is in use or the seed is wrong. */
export function startServer(options?: Options): Promise<TestServer>;

// One signed-in user: the client, and what the screen shows of it.
import { createClient, type ConversationItem, type SDK } from 'openim-web';

import { BEGINNING, type Place } from '../app/place';
import { hostOfPage, type Server } from '../app/server';
import { reopenChat, type Chat } from '../chat/chat';
import type { Upload } from '../chat/uploads';
import { NO_CONTACTS, type Contacts } from '../contacts/contacts';
import { refreshConversations } from '../conversations/list';
import { NO_GROUPS, type Groups } from '../groups/groups';
import { listen } from './listen';
import { reason } from './reason';
import { Store } from './store';

/** Why a session ended without the user's wish. */
export type Ending = 'kicked' | 'left' | 'expired' | 'invalid';

export interface Me {
  userID: string;
  nickname: string;
  faceURL: string;
}

export interface SessionState {
  connection: 'connecting' | 'online' | 'offline';
  ending: Ending | null;
  /** The first synchronization's percent; -1 while a later one runs; null when none does. */
  sync: number | null;
  me: Me;
  /** As listed, pinned first; null until they were read. */
  conversations: ConversationItem[] | null;
  unread: number;
  chat: Chat | null;
  /** Who types, by conversation. */
  typing: Record<string, string[]>;
  contacts: Contacts;
  groups: Groups;
  /** Whether users are online, as far as it was asked, by ID. */
  online: Record<string, boolean>;
  /** Files on their way, by clientMsgID. */
  uploads: Record<string, Upload>;
  place: Place;
  /** Something that failed, to be told once. */
  notice: string;
}

export class Session {
  readonly client: SDK = createClient({ host: hostOfPage() });
  readonly state: Store<SessionState>;
  /** Messages that this tab is sending, by clientMsgID. */
  readonly sending = new Set<string>();
  readonly #readLists: () => void;
  #open = true;

  constructor(
    readonly server: Server,
    readonly userID: string,
    readonly token: string,
  ) {
    this.state = new Store<SessionState>({
      connection: 'connecting',
      ending: null,
      sync: null,
      me: { userID, nickname: userID, faceURL: '' },
      conversations: null,
      unread: 0,
      chat: null,
      typing: {},
      contacts: NO_CONTACTS,
      groups: NO_GROUPS,
      online: {},
      uploads: {},
      place: BEGINNING,
      notice: '',
    });
    this.#readLists = listen(this);
  }

  /** Opens the local database; the connection follows in the background. */
  async start(): Promise<void> {
    const { server, userID, token, client } = this;
    await client.login({ userID, token, platformID: 5, apiAddr: server.api, wsAddr: server.ws });
    window.addEventListener('offline', this.#networkGone);
    await refreshConversations(this);
    void reopenChat(this);
    void this.readSelf();
    this.#readLists();
  }

  async readSelf(): Promise<void> {
    try {
      const { userID, nickname, faceURL } = (await this.client.getSelfUserInfo()).data;
      this.state.set({ me: { userID, nickname: nickname || userID, faceURL } });
    } catch {
      // Not known yet: it comes with the synchronization.
    }
  }

  /** Ends the session on this device. The local database stays. */
  async leave(): Promise<void> {
    // Without network the server does not hear of it, and need not.
    await this.client.logout().catch(() => undefined);
    this.close();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    window.removeEventListener('offline', this.#networkGone);
    this.client.close();
  }

  /** Runs something the user asked for; a failure is told. True if it worked. */
  async attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.state.set({ notice: `${what}: ${reason(error)}` });
      return false;
    }
  }

  // The socket does not notice by itself that the network is gone.
  readonly #networkGone = (): void => {
    void this.client.networkStatusChanged().catch(() => undefined);
  };
}

// Search in messages: in one conversation or in all. It takes the place of the lists.
import type { MessageItem, SearchMessageResultItem } from 'openim-web';
import { useEffect, useRef, useState } from 'react';

import { closeSearch, openSearch } from '../app/place';
import { useSession, useSessionState } from '../session/context';
import { reason } from '../session/reason';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { More } from '../ui/More';
import { shortTime } from '../ui/time';
import { excerpt, isListable, KINDS, OF_EACH, openHit, searchMessages, type Found } from './search';

/** A pause in typing after which it is searched. */
const PAUSE_MS = 250;

/** With "" all conversations are searched. */
export function SearchPanel({ conversationID }: { conversationID: string }) {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [kind, setKind] = useState('words');
  const [pages, setPages] = useState(1);
  const { found, problem } = useFound(conversationID, text.trim(), kind, pages);
  const scope = useSessionState(({ conversations }) =>
    conversations?.find((one) => one.conversationID === conversationID),
  );
  const shown = found?.items[0]?.messageList.length ?? 0;
  useEffect(() => input.current?.focus(), [conversationID]);
  return (
    <search className="search" data-testid="search">
      <div className="search-line">
        <input
          ref={input}
          type="search"
          className="field"
          value={text}
          placeholder="Search messages"
          aria-label="Search messages"
          onChange={(event) => {
            setText(event.target.value);
            setPages(1);
          }}
          onKeyDown={(event) => event.key === 'Escape' && !text && closeSearch(session)}
          data-testid="search-words"
        />
        <button
          type="button"
          className="icon-button"
          aria-label="Close the search"
          title="Close the search"
          onClick={() => closeSearch(session)}
          data-testid="search-close"
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="search-line">
        <select className="field" value={kind} aria-label="Kind of messages" onChange={(event) => setKind(event.target.value)} data-testid="search-kind">
          {Object.entries(KINDS).map(([key, { label }]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div className="search-count">
        <p role="status" data-testid="search-count">
          {problem || (found && `${found.total} found`)}
          {!problem && conversationID && ` in ${scope?.showName || 'this chat'}`}
        </p>
        {conversationID && (
          <button type="button" className="link" onClick={() => openSearch(session, '')} data-testid="search-everywhere">
            All chats
          </button>
        )}
      </div>
      <div className="rows" data-testid="search-results">
        {found?.items.map((item) => (
          <Hits key={item.conversationID} item={item} words={found.words} isAll={!conversationID} />
        ))}
        {conversationID && found && shown < found.total && <More key={shown} onMore={() => setPages(pages + 1)} />}
        {!found && !problem && <p className="empty">Looks through the messages on this device.</p>}
      </div>
    </search>
  );
}

function useFound(conversationID: string, text: string, kind: string, pages: number) {
  const session = useSession();
  const [result, setResult] = useState<{ found: Found | null; problem: string }>({ found: null, problem: '' });
  useEffect(() => {
    if (!text && !isListable(kind)) return setResult({ found: null, problem: '' });
    let isGone = false;
    const search = () =>
      searchMessages(session, conversationID, text, kind, pages).then(
        (found) => !isGone && setResult({ found, problem: '' }),
        (error: unknown) => !isGone && setResult({ found: null, problem: `Searching failed: ${reason(error)}` }),
      );
    const timer = setTimeout(search, PAUSE_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [session, conversationID, text, kind, pages]);
  return result;
}

interface HitsProps {
  item: SearchMessageResultItem;
  words: string[];
  /** Several conversations are listed: each has a head and few hits. */
  isAll: boolean;
}

/** What was found in one conversation. */
function Hits({ item: { conversationID, showName, faceURL, messageList, messageCount }, words, isAll }: HitsProps) {
  const session = useSession();
  const [isOpen, setOpen] = useState(false);
  const name = showName || conversationID;
  const shown = isAll && !isOpen ? messageList.slice(0, OF_EACH) : messageList;
  return (
    <section aria-label={name} data-testid="search-chat-hits" data-id={conversationID}>
      {isAll && (
        <h3 className="hits-head">
          <Avatar name={name} url={faceURL} size={22} /> {name}
          <small>{messageCount}</small>
        </h3>
      )}
      <ul>
        {shown.map((message) => (
          <li key={message.clientMsgID} className="row">
            <button
              type="button"
              className="hit"
              onClick={() => void openHit(session, conversationID, message)}
              data-testid="hit"
              data-id={message.clientMsgID}
            >
              <Hit message={message} words={words} />
            </button>
          </li>
        ))}
      </ul>
      {shown.length < messageList.length && (
        <button type="button" className="link" onClick={() => setOpen(true)}>
          Show all {messageList.length}
        </button>
      )}
    </section>
  );
}

function Hit({ message, words }: { message: MessageItem; words: string[] }) {
  const { userID: me } = useSession();
  return (
    <>
      <span className="row-line">
        <b className="row-name">{message.sendID === me ? 'You' : message.senderNickname || message.sendID}</b>
        <time>{shortTime(message.sendTime)}</time>
      </span>
      <span className="hit-text">
        {excerpt(message, words, me).map((part, n) => (n % 2 === 1 ? <mark key={n}>{part}</mark> : part))}
      </span>
    </>
  );
}

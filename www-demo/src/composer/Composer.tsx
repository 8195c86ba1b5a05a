// Where a message is written.
import type { AtUsersInfoItem, ConversationItem, MessageItem } from 'openim-web';
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type ChangeEvent,
  type ClipboardEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';

import { sendFiles, sendNew } from '../chat/send';
import { preview } from '../messages/preview';
import { useSession } from '../session/context';
import { Icon } from '../ui/Icon';
import { Attach } from './Attach';
import { DropArea } from './DropArea';
import { Mentions, wordAtCaret } from './Mentions';
import { useDraft } from './useDraft';
import { useTyping } from './useTyping';

interface Props {
  conversation: ConversationItem;
  /** Where files may be dropped. */
  area: RefObject<HTMLElement | null>;
  answered: MessageItem | null;
  onAnswered: (message: MessageItem | null) => void;
}

export function Composer({ conversation, area, answered, onAnswered }: Props) {
  const session = useSession();
  const { client, userID: me } = session;
  const [text, setText] = useState(conversation.draftText);
  const [named, setNamed] = useState<AtUsersInfoItem[]>([]);
  const [asked, setAsked] = useState<string | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(conversation.conversationID);
  useDraft(conversation, text);

  useEffect(() => {
    // On a phone the keyboard should not jump up.
    if (answered || matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
  }, [answered]);
  useEffect(() => {
    const box = input.current;
    if (!box) return;
    box.style.height = '0';
    box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
  }, [text]);

  const change = (event: ChangeEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart } = event.target;
    setText(value);
    setAsked(conversation.groupID ? wordAtCaret(value, selectionStart) : null);
    typing(value.trim() !== '');
  };

  const submit = () => {
    const content = text.trim();
    if (!content) return;
    const atUsersInfo = named.filter(({ groupNickname }) => content.includes(`@${groupNickname}`));
    const make = () => {
      if (atUsersInfo.length > 0) {
        const atUserIDList = atUsersInfo.map(({ atUserID }) => atUserID);
        return client.createTextAtMessage({ text: content, atUserIDList, atUsersInfo, message: answered ?? undefined });
      }
      if (answered) return client.createQuoteMessage({ text: content, message: JSON.stringify(answered) });
      return client.createTextMessage(content);
    };
    void sendNew(session, conversation, make);
    setText('');
    setNamed([]);
    setAsked(null);
    onAnswered(null);
    typing(false);
  };

  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && answered) onAnswered(null);
    // Enter that ends a composition (Chinese, Japanese …) is not for us.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  const sendAll = useCallback(
    (files: File[]) => void sendFiles(session, conversation, files),
    [session, conversation],
  );
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    // Text copied in an office program comes with a picture of itself.
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    sendAll(files);
  };

  const mention = (user: AtUsersInfoItem) => {
    const caret = input.current?.selectionStart ?? text.length;
    const begin = text.slice(0, caret).replace(/@[^@\s]*$/, `@${user.groupNickname} `);
    setText(begin + text.slice(caret));
    setNamed([...named.filter(({ atUserID }) => atUserID !== user.atUserID), user]);
    setAsked(null);
    input.current?.focus();
  };

  return (
    <>
      <DropArea area={area} onFiles={sendAll} />
      <footer className="composer">
        {asked !== null && <Mentions groupID={conversation.groupID} word={asked} onPick={mention} onClose={() => setAsked(null)} input={input} />}
        {answered && (
          <div className="answered" data-testid="answering">
            <Icon name="reply" size={18} />
            <p>
              <b>{answered.sendID === me ? 'You' : answered.senderNickname || answered.sendID}</b>
              <span>{preview(answered, me)}</span>
            </p>
            <button type="button" className="icon-button" aria-label="Do not reply" onClick={() => onAnswered(null)}>
              <Icon name="close" size={18} />
            </button>
          </div>
        )}
        <div className="composer-line">
          <Attach conversation={conversation} />
          <textarea
            ref={input}
            rows={1}
            value={text}
            placeholder="Message"
            aria-label="Message"
            onChange={change}
            onKeyDown={keys}
            onPaste={paste}
            onBlur={() => typing(false)}
            data-testid="composer"
          />
          <button
            type="button"
            className="send"
            aria-label="Send"
            title="Send"
            disabled={!text.trim()}
            onClick={submit}
            data-testid="send"
          >
            <Icon name="send" />
          </button>
        </div>
      </footer>
    </>
  );
}

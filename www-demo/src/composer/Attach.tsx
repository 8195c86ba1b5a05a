// Messages other than text: a menu of kinds, a form for each.
import type { ConversationItem } from 'openim-web';
import { useRef, useState, type ChangeEvent, type FormEvent } from 'react';

import { sendFiles, sendNew } from '../chat/send';
import { useSession } from '../session/context';
import { Dialog } from '../ui/Dialog';
import { Menu, type MenuItem } from '../ui/Menu';
import { FACES, KINDS, type Kind } from './kinds';

export function Attach({ conversation }: { conversation: ConversationItem }) {
  const session = useSession();
  const [kind, setKind] = useState<Kind | null>(null);
  const media = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const items: MenuItem[] = [
    { label: 'Picture, sound, video', icon: 'image', run: () => media.current?.click() },
    { label: 'File', icon: 'file', run: () => files.current?.click() },
    ...KINDS.map((one) => ({ label: one.label, icon: one.icon, run: () => setKind(one) })),
  ];
  const sendChosen = ({ target }: ChangeEvent<HTMLInputElement>, isPlain: boolean) => {
    void sendFiles(session, conversation, [...(target.files ?? [])], isPlain);
    // The same file may be chosen again.
    target.value = '';
  };
  return (
    <>
      <Menu label="Send something else" icon="plus" items={items} testid="attach" />
      <input
        ref={media}
        type="file"
        accept="image/*,audio/*,video/*"
        multiple
        hidden
        onChange={(event) => sendChosen(event, false)}
        data-testid="attach-media"
      />
      <input ref={files} type="file" multiple hidden onChange={(event) => sendChosen(event, true)} data-testid="attach-file" />
      {kind && <KindDialog kind={kind} conversation={conversation} onClose={() => setKind(null)} />}
    </>
  );
}

interface Props {
  kind: Kind;
  conversation: ConversationItem;
  onClose: () => void;
}

function KindDialog({ kind, conversation, onClose }: Props) {
  const session = useSession();
  const [isBusy, setBusy] = useState(false);
  const sendWith = async (values: Record<string, string>) => {
    setBusy(true);
    await sendNew(session, conversation, () => kind.make(session, values, conversation));
    onClose();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([k, v]) => [k, String(v).trim()]));
    void sendWith(values);
  };
  return (
    <Dialog title={kind.label} onClose={onClose} testid="attach-dialog">
      {kind.fields.length === 0 ? (
        <div className="faces">
          {FACES.map((face) => (
            <button key={face} type="button" onClick={() => void sendWith({ face })} data-testid="face">
              {face}
            </button>
          ))}
        </div>
      ) : (
        <form className="fields" onSubmit={submit}>
          {kind.fields.map(({ name, label, type = 'text', initial = '' }, n) => (
            <label key={name}>
              {label}
              <input name={name} type={type} step="any" defaultValue={initial} required autoFocus={n === 0} />
            </label>
          ))}
          <button type="submit" className="primary" disabled={isBusy} data-testid="attach-send">
            Send
          </button>
        </form>
      )}
    </Dialog>
  );
}

// Asks before something that cannot be undone.
import { Dialog } from './Dialog';

interface Props {
  title: string;
  words: string;
  /** What the button says. */
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, words, action, onConfirm, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose} testid="confirm-dialog">
      <p className="question">{words}</p>
      <button
        type="button"
        className="primary dangerous"
        data-testid="confirm"
        onClick={() => {
          onClose();
          onConfirm();
        }}
      >
        {action}
      </button>
    </Dialog>
  );
}

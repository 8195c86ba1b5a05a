// A dialog with a form; it stays open, and says why, if the work fails.
import { useState, type FormEvent, type ReactNode } from 'react';

import { reason } from '../session/reason';
import { Dialog } from './Dialog';
import { Icon } from './Icon';

interface Props {
  title: string;
  action: string;
  /** Gets the fields' values without spaces around them. */
  onSubmit: (values: Record<string, string>) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
  isReady?: boolean;
  testid?: string;
}

export function FormDialog({ title, action, onSubmit, onClose, children, isReady = true, testid }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([k, v]) => [k, String(v).trim()]));
    setBusy(true);
    setProblem('');
    try {
      await onSubmit(values);
      onClose();
    } catch (error) {
      setProblem(reason(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} testid={testid}>
      <form className="fields" onSubmit={submit}>
        {children}
        {problem && (
          <p className="problem" role="alert">
            <Icon name="warn" size={18} /> {problem}
          </p>
        )}
        <button type="submit" className="primary" disabled={isBusy || !isReady} data-testid="submit">
          {action}
        </button>
      </form>
    </Dialog>
  );
}

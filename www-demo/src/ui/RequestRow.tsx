// An application that can be answered, or what became of it.
import { ApplicationHandleResult } from 'openim-web';
import { useState } from 'react';

import { Avatar } from './Avatar';
import { shortTime } from './time';

interface Props {
  name: string;
  faceURL: string;
  /** What it is for, if not for the reader. */
  target?: string;
  words: string;
  /** Unix milliseconds. */
  time: number;
  result: ApplicationHandleResult;
  /** Absent: it is another's to answer. */
  onAnswer?: (isAccepted: boolean) => Promise<unknown>;
}

const RESULTS: Record<ApplicationHandleResult, string> = {
  [ApplicationHandleResult.Unprocessed]: 'Not answered yet',
  [ApplicationHandleResult.Agree]: 'Accepted',
  [ApplicationHandleResult.Reject]: 'Refused',
};

export function RequestRow({ name, faceURL, target, words, time, result, onAnswer }: Props) {
  const [isBusy, setBusy] = useState(false);
  const answer = async (isAccepted: boolean) => {
    setBusy(true);
    await onAnswer?.(isAccepted);
    setBusy(false);
  };
  return (
    <li className="request" data-testid="request" data-result={result}>
      <Avatar name={name} url={faceURL} size={36} />
      <div className="request-words">
        <p>
          <b>{name}</b>
          {target && ` → ${target}`} <time>{shortTime(time)}</time>
        </p>
        {words && <p>{words}</p>}
        {(result !== ApplicationHandleResult.Unprocessed || !onAnswer) && <small>{RESULTS[result]}</small>}
      </div>
      {result === ApplicationHandleResult.Unprocessed && onAnswer && (
        <div className="request-answers">
          <button
            type="button"
            className="primary"
            disabled={isBusy}
            aria-label={`Accept ${name}`}
            onClick={() => void answer(true)}
            data-testid="accept"
          >
            Accept
          </button>
          <button
            type="button"
            className="quiet"
            disabled={isBusy}
            aria-label={`Refuse ${name}`}
            onClick={() => void answer(false)}
            data-testid="refuse"
          >
            Refuse
          </button>
        </div>
      )}
    </li>
  );
}

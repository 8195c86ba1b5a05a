// People to choose some of.
import { useState } from 'react';

import { Avatar } from './Avatar';

export interface Person {
  userID: string;
  name: string;
  faceURL: string;
}

interface Props {
  label: string;
  people: Person[];
  chosen: string[];
  onChange: (userIDs: string[]) => void;
}

/** With more people than this there is a field to find some, */
const MANY = 8;
/** and only this many are shown. */
const SHOWN = 100;

export function Choice({ label, people, chosen, onChange }: Props) {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = people.filter(({ userID, name }) => `${name} ${userID}`.toLowerCase().includes(wanted));
  const toggle = (userID: string) =>
    onChange(chosen.includes(userID) ? chosen.filter((id) => id !== userID) : [...chosen, userID]);
  return (
    <fieldset className="choice">
      <legend>
        {label}
        {chosen.length > 0 && ` (${chosen.length} chosen)`}
      </legend>
      {people.length > MANY && (
        <input
          type="search"
          className="field"
          value={words}
          placeholder="Find"
          aria-label="Find people"
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <ul>
        {found.slice(0, SHOWN).map(({ userID, name, faceURL }) => (
          <li key={userID}>
            <label className="choice-row">
              <input
                type="checkbox"
                checked={chosen.includes(userID)}
                onChange={() => toggle(userID)}
                data-testid={`choose-${userID}`}
              />
              <Avatar name={name} url={faceURL} size={30} />
              <span>{name}</span>
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="empty">{people.length === 0 ? 'Nobody to choose.' : 'Nobody found.'}</p>}
    </fieldset>
  );
}

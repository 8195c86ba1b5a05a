// Tabs: arrow keys move among them, the Tab key leaves to what they show.
import type { KeyboardEvent } from 'react';

import { Icon, type IconName } from './Icon';

export interface TabItem<K extends string> {
  key: K;
  label: string;
  icon: IconName;
  /** How much waits behind it. */
  count: number;
}

interface Props<K extends string> {
  label: string;
  items: TabItem<K>[];
  chosen: K;
  /** The ID of the element that shows what is chosen. */
  panel: string;
  onChoose: (key: K) => void;
}

export function Tabs<K extends string>({ label, items, chosen, panel, onChoose }: Props<K>) {
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const now = items.findIndex(({ key }) => key === chosen);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    const next = to === undefined ? undefined : items[to % items.length];
    if (!next) return;
    event.preventDefault();
    onChoose(next.key);
    event.currentTarget.querySelectorAll<HTMLElement>('button')[items.indexOf(next)]?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={keys}>
      {items.map(({ key, label: name, icon, count }) => (
        <button
          key={key}
          id={`${panel}-${key}`}
          type="button"
          role="tab"
          aria-selected={key === chosen}
          aria-controls={panel}
          tabIndex={key === chosen ? 0 : -1}
          onClick={() => onChoose(key)}
          data-testid={`tab-${key}`}
        >
          <span className="tab-sign">
            <Icon name={icon} />
            {count > 0 && (
              <span className="badge" aria-label={`${count} waiting`} data-testid={`waiting-${key}`}>
                {count > 99 ? '99+' : count}
              </span>
            )}
          </span>
          {name}
        </button>
      ))}
    </div>
  );
}

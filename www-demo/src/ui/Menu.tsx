// A button that opens a menu; arrow keys move, Escape and a click elsewhere close it.
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { Icon, type IconName } from './Icon';

export interface MenuItem {
  label: string;
  icon?: IconName;
  isDangerous?: boolean;
  run: () => void;
}

interface Props {
  label: string;
  icon: IconName;
  items: MenuItem[];
  className?: string;
  testid?: string;
  children?: ReactNode;
}

export function Menu({ label, icon, items, className = '', testid }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const place = () => {
    const [at, box] = [button.current?.getBoundingClientRect(), list.current];
    if (!at || !box) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = at.bottom + 4 + height <= innerHeight;
    box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`;
    box.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    box.querySelector('button')?.focus();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={`icon-button ${className}`}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={label}
        data-testid={testid}
      >
        <Icon name={icon} />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onToggle={(event) => event.newState === 'open' && place()}
        onKeyDown={moveFocus}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={item.isDangerous ? 'dangerous' : ''}
            onClick={() => {
              list.current?.hidePopover();
              item.run();
            }}
          >
            {item.icon && <Icon name={item.icon} size={18} />}
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}

/** Up, down, Home and End move among the buttons of the element. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const now = buttons.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: now + 1, ArrowUp: now - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  buttons[to % buttons.length]?.focus();
}

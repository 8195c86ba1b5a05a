// A page beside the list, with a way back. Focus goes to its title, and back where it was.
import { useEffect, useRef, type ReactNode } from 'react';

import { Icon } from './Icon';

interface Props {
  title: string;
  onBack: () => void;
  children: ReactNode;
  testid: string;
}

export function Page({ title, onBack, children, testid }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  return (
    <section className="page" aria-label={title} data-testid={testid}>
      <header className="bar">
        <button type="button" className="icon-button" aria-label="Back" title="Back" onClick={onBack} data-testid="page-back">
          <Icon name="back" />
        </button>
        <h2 ref={heading} tabIndex={-1} data-testid="page-title">
          {title}
        </h2>
      </header>
      <div className="page-content">{children}</div>
    </section>
  );
}

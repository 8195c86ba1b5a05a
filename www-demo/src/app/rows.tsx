// What the lists of contacts and groups share.
import { useSession, useSessionState } from '../session/context';
import { Icon, type IconName } from '../ui/Icon';
import { openPage, type Page } from './place';

/** Whether the page of that person or group is the open one. */
export function useIsOpen(id: string): boolean {
  return useSessionState(({ place: { pages } }) => {
    const page = pages[0];
    return (page?.kind === 'user' && page.userID === id) || (page?.kind === 'group' && page.groupID === id);
  });
}

interface ShortcutProps {
  icon: IconName;
  label: string;
  page: Page;
  /** What waits for the user. */
  count?: number;
  /** How many there are. */
  detail?: number;
}

/** A row that opens a page. */
export function Shortcut({ icon, label, page, count = 0, detail = 0 }: ShortcutProps) {
  const session = useSession();
  const isOpen = useSessionState(({ place }) => place.pages[0]?.kind === page.kind);
  return (
    <li className={isOpen ? 'row open' : 'row'}>
      <button
        type="button"
        className="row-main"
        aria-current={isOpen || undefined}
        onClick={() => openPage(session, page)}
        data-testid={`open-${page.kind}`}
      >
        <span className="row-sign">
          <Icon name={icon} />
        </span>
        <b className="row-name">{label}</b>
        <span className="grow" />
        {detail > 0 && <small>{detail}</small>}
        {count > 0 && (
          <span className="badge" aria-label={`${count} to answer`}>
            {count}
          </span>
        )}
      </button>
    </li>
  );
}

/** The field above a list. */
export function ListFilter({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  return (
    <div className="list-filter">
      <input
        type="search"
        className="field"
        value={value}
        placeholder={label}
        aria-label={label}
        onChange={(event) => onChange(event.target.value)}
        data-testid="list-filter"
      />
    </div>
  );
}

// What a pane shows beside the open chat: which list, a search, pages.
import type { Session } from '../session/session';

export type Tab = 'chats' | 'contacts' | 'groups';

/** What stands in the chat's place. */
export type Page =
  | { kind: 'user'; userID: string }
  | { kind: 'group'; groupID: string }
  | { kind: 'friend-requests' }
  | { kind: 'blocked' }
  | { kind: 'group-requests' }
  | { kind: 'profile' };

export interface Place {
  tab: Tab;
  /** A search takes the list's place: in one conversation, or in all with "". */
  search: { conversationID: string } | null;
  /** The last one is shown; the others are on the way back. */
  pages: Page[];
  /** In one column: the list is shown although a chat is open. */
  isListFirst: boolean;
}

export const BEGINNING: Place = { tab: 'chats', search: null, pages: [], isListFirst: false };

/** Changes the place. */
export function go({ state }: Session, change: Partial<Place>): void {
  state.set({ place: { ...state.get().place, ...change } });
}

/** Opens a page from a list: nothing is behind it but what was there before. */
export function openPage(session: Session, page: Page): void {
  go(session, { pages: [page], isListFirst: false });
}

/** Opens a page from a page; the way back leads there. */
export function openNextPage(session: Session, page: Page): void {
  go(session, { pages: [...session.state.get().place.pages, page] });
}

export function closePage(session: Session): void {
  go(session, { pages: session.state.get().place.pages.slice(0, -1) });
}

export function openSearch(session: Session, conversationID: string): void {
  go(session, { search: { conversationID }, isListFirst: true });
}

export function closeSearch(session: Session): void {
  go(session, { search: null, isListFirst: false });
}

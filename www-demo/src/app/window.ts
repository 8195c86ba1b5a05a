// What the browser's window tells and shows.
import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 900px)');

function watchWidth(changed: () => void): () => void {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
}

/** Room for two users side by side. */
export function useWide(): boolean {
  return useSyncExternalStore(watchWidth, () => wide.matches);
}

function watchVisible(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}

/** Whether a person can see the page. */
export function useVisible(): boolean {
  return useSyncExternalStore(watchVisible, () => document.visibilityState === 'visible');
}

/** The page's title with the number of unread messages. */
export function setTitle(unread: number): void {
  document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) openim-web demo` : 'openim-web demo';
}

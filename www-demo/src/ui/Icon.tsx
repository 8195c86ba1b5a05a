// Line icons, drawn here so that nothing is fetched.

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  mute: 'M6 9a6 6 0 0 1 9-5M18 9c0 6 2 7 2 7H8M4 16s2-1 2-6M10 20h4M4 4l16 16',
  send: 'M5 12l14-7-5 14-3-6zM11 13l8-8',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M12 5v14M6 13l6 6 6-6',
  reply: 'M10 7L5 12l5 5M5 12h9a5 5 0 0 1 5 5v1',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  place: 'M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 10h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c1-4 4-5 7-5s6 1 7 5',
  face: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10h.01M15 10h.01M8.5 14.5c2 2 5 2 7 0',
  code: 'M9 8l-4 4 4 4M15 8l4 4-4 4',
  sound: 'M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2',
  video: 'M4 6h11v12H4zM15 11l5-3v8l-5-3',
  stack: 'M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  panes: 'M4 5h16v14H4zM12 5v14',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  chat: 'M5 5h14v11h-8l-4 4v-4H5z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4',
  friends: 'M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c1-4 3.5-5 6.5-5s5.5 1 6.5 5M15 4.3a4 4 0 0 1 0 7.4M18 15.5c2 .7 3 2.3 3.5 4.5',
  block: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  announce: 'M4 10v4h4l8 5V5l-8 5zM19 9a4 4 0 0 1 0 6',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className={`icon icon-${name}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

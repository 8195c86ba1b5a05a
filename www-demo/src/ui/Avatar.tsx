// A face, or the first letter of a name on a colour of its own.
import { useState } from 'react';

const COLOURS = ['#b4463c', '#8a5a00', '#4a7020', '#1d7a5f', '#1f6f9f', '#4b5fc4', '#7e4bb5', '#a8417f'];

function colourOf(text: string): string {
  let sum = 0;
  for (const character of text) sum = (sum * 7 + (character.codePointAt(0) ?? 0)) % 9973;
  return COLOURS[sum % COLOURS.length] ?? '#4b5fc4';
}

interface Props {
  name: string;
  url: string | undefined;
  /** Pixels. */
  size?: number;
}

export function Avatar({ name, url, size = 40 }: Props) {
  const [broken, setBroken] = useState('');
  const style = { width: size, height: size, fontSize: size * 0.42 };
  if (url && url !== broken) {
    return <img className="avatar" style={style} src={url} alt="" onError={() => setBroken(url)} />;
  }
  return (
    <span className="avatar" style={{ ...style, background: colourOf(name) }} aria-hidden="true">
      {[...name.trim()][0]?.toUpperCase() ?? '?'}
    </span>
  );
}

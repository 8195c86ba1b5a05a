// Files dropped on the chat.
import { useEffect, useState, type RefObject } from 'react';

import { Icon } from '../ui/Icon';

interface Props {
  /** Where they may be dropped. */
  area: RefObject<HTMLElement | null>;
  onFiles: (files: File[]) => void;
}

export function DropArea({ area, onFiles }: Props) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!element.contains(event.relatedTarget as Node | null)) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    element.addEventListener('drop', drop);
    return () => {
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    };
  }, [area, onFiles]);
  if (!isOver) return null;
  return (
    <div className="drop-area" data-testid="drop-area">
      <Icon name="file" size={32} />
      <p>Drop files to send them</p>
    </div>
  );
}

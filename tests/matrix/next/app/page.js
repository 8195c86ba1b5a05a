// Rendered on the server, where the package is imported too.
import { MessageType } from 'openim-web';
import Chat from './chat';

export default function Page() {
  return <main>Texts are of type {MessageType.TextMessage}.<Chat /></main>;
}

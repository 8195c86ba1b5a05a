import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { keepOffline } from './app/offline';
import './styles/base.css';
import './styles/app.css';
import './styles/conversations.css';
import './styles/pages.css';
import './styles/search.css';
import './styles/chat.css';
import './styles/messages.css';
import './styles/composer.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
if (import.meta.env.PROD) void keepOffline();

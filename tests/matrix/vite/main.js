import { createClient, CbEvents, MessageType } from 'openim-web';
import { exchange } from './exchange.js';

exchange({ createClient, CbEvents, MessageType });

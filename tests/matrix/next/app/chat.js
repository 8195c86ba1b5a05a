'use client';
import { useEffect } from 'react';
import { createClient, CbEvents, MessageType } from 'openim-web';
import { exchange } from '../exchange.js';

export default function Chat() {
  useEffect(() => void exchange({ createClient, CbEvents, MessageType }), []);
  return <p>A chat.</p>;
}

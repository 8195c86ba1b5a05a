import { makeApp } from './app.js';

makeApp().mount('#app');

import { createApp } from 'vue';
import Entry from './Entry.vue';
import './style.css';

createApp(Entry).mount('#app');

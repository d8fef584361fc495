import './state/valid-language.ts';
import '@fontsource-variable/inter/wght.css';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/cards.css';
import './styles/flow.css';
import './styles/events.css';
import { render } from 'preact';
import { Page } from './components/page.tsx';
import { keepConnected } from './state/connect.ts';
import { followAddress } from './state/open-story.ts';

const home = document.getElementById('app');
if (!home) throw new Error('the page has no #app');
render(<Page />, home);
keepConnected();
addEventListener('hashchange', followAddress);
followAddress();

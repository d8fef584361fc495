const shown = 60;
const counts = new Map();

function connect() {
  const address = new URL(location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  const state = document.getElementById('state');
  socket.onopen = () => {
    state.textContent = 'connected';
  };
  socket.onclose = () => {
    state.textContent = 'connection lost, trying again …';
    setTimeout(connect, 1000);
  };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === undefined) show(event);
  };
}

function show({ topic, key, value }) {
  const line = document.createElement('li');
  const name = document.createElement('b');
  name.textContent = topic;
  line.append(name, `${key ?? ''} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const events = document.getElementById('events');
  events.prepend(line);
  while (events.children.length > shown) events.lastChild.remove();
  count(topic);
}

function count(topic) {
  if (!counts.has(topic)) {
    const row = document.getElementById('counts').insertRow();
    row.insertCell().textContent = topic;
    counts.set(topic, { cell: row.insertCell(), messages: 0 });
  }
  const counter = counts.get(topic);
  counter.messages += 1;
  counter.cell.textContent = String(counter.messages);
}

connect();

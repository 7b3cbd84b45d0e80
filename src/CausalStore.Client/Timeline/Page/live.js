// A run that goes on: the page is told it anew whenever something has happened, and its switches disturb links.
'use strict';

const token = document.currentScript.dataset.token;
const DELAY_MS = 10000, TICK_MS = 500;
const [timeline] = timelines;

// The same event in two states of a run, between whose events others may have come.
const idOf = (run, index) => {
  const one = run.events[index];
  return `${run.lanes[one[LANE]].name}|${(run.begin + one[TIME]).toFixed(2)}|${one[TEXT]}`;
};

// Downwards with what is new, until somebody scrolls up.
const follow = {
  button: html('button', { type: 'button', id: 'follow', textContent: 'Follow', title: 'Stay with what is new (n)' }),
  isOn: true,
  top: 0,
  set(isOn) {
    this.isOn = isOn;
    this.button.setAttribute('aria-pressed', isOn);
    this.go();
  },
  go() {
    if (this.isOn) timeline.scroller.scrollTop = timeline.scroller.scrollHeight;
    this.top = timeline.scroller.scrollTop;
  },
  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = timeline.scroller;
    if (scrollTop < this.top - 2) this.set(false);
    else if (!this.isOn && scrollTop > this.top && scrollTop + clientHeight >= scrollHeight - 4) this.set(true);
    this.top = scrollTop;
  },
};

const state = html('span', { className: 'live', role: 'status' }, html('i', {}), html('span', { textContent: 'connecting' }));
function say(text, isLost) {
  state.lastChild.textContent = text;
  state.classList.toggle('lost', isLost);
}

// What a write has waited for so far.
let clock = null;
timeline.waitsStill = index => clock === null ? 'still waits' : `${Math.max(0, Math.floor((clock - timeline.run.events[index][TIME]) / 1000))} s so far`;

// Where nothing happens time goes on: the bar of a write that waits grows.
function passTime() {
  const { run } = timeline, last = run.events.length ? Math.max(...run.events.slice(-20).map(one => one[TIME])) : 0;
  clock = Date.now() - run.begin;
  timeline.tail = run.delays.some(delay => delay[1] === null) ? 18 * Math.log2(1 + Math.max(0, clock - last) / 100) : 0;
}

function show(run) {
  const old = timeline.run, focused = timeline.svg.contains(document.activeElement) ? document.activeElement.closest('.mark') : null;
  // Where the oldest events go, what is looked at would move up.
  const top = timeline.marks.find(index => timeline.y[index] >= timeline.scroller.scrollTop) ?? null, topY = timeline.y[top];
  const kept = { chosen: timeline.chosen, cursor: timeline.cursor, top, focused: focused ? Number(focused.dataset.event) : null };
  const wanted = new Map(Object.values(kept).filter(index => index !== null && old.events[index]).map(index => [idOf(old, index), index]));
  const moved = new Map();
  run.events.forEach((_, index) => {
    const id = wanted.size ? idOf(run, index) : '';
    if (wanted.has(id)) moved.set(wanted.get(id), index);
  });
  const before = timeline.chosen === null ? 0 : timeline.past.size + timeline.future.size;
  giveColours([run]);
  timeline.take(run);
  timeline.cursor = moved.get(kept.cursor) ?? 0;
  timeline.chosen = moved.get(kept.chosen) ?? null;
  if (focused && moved.has(kept.focused)) focused.dataset.event = moved.get(kept.focused);
  if (!follow.isOn && moved.has(top)) timeline.scroller.scrollTop += timeline.y[moved.get(top)] - topY;
  if (timeline.chosen !== null) {
    timeline.past = timeline.reach(timeline.chosen, run.causes);
    timeline.future = timeline.reach(timeline.chosen, timeline.effects);
  }
  if (byId('search').value.trim()) search(0);
  passTime();
  timeline.setNow(Number(byId('now').value) / 1000);
  timeline.lay();
  showDown();
  if (kept.chosen !== null && (timeline.chosen === null || timeline.past.size + timeline.future.size !== before)) chosen(timeline);
  follow.go();
}

// The switches: one for each link, by who sends.
const links = html('aside', { id: 'links' });
links.setAttribute('aria-label', 'Links');
const refusal = html('p', { className: 'refusal' }), senders = html('div', {});
refusal.setAttribute('role', 'alert');
links.append(
  html('h2', { textContent: 'Links' }),
  html('p', { textContent: 'What a server sends is held back where its link is cut or delayed. Nothing is lost.' }),
  refusal, senders);
let shown = '', servers = [];

function showServers(now) {
  servers = now;
  const shape = JSON.stringify(now.map(server => [server.name, server.links.map(link => link.to)]));
  if (shape !== shown) {
    shown = shape;
    senders.replaceChildren(...now.map(sender));
  }
  now.forEach((server, index) => showSender(senders.children[index], server));
  showDown();
}

function sender(server) {
  const field = html('fieldset', { className: 'sender' }, html('legend', {}, html('b', { textContent: server.name }), html('span', {})));
  field.append(...server.links.map(link => {
    const row = html('div', { className: 'link' });
    const arrow = element('svg', { viewBox: '0 0 34 12', 'aria-hidden': 'true' }, element('path', { class: 'shaft', d: 'M2 6H31' }), element('path', { d: 'M27 2l5 4l-5 4' }));
    const group = html('div', { className: 'switch' });
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', `Link from ${server.id} to ${link.to}`);
    for (const [action, text] of [['cut', 'Cut'], ['delay', 'Delay 10 s'], ['heal', 'Heal']]) {
      const button = html('button', { type: 'button', textContent: text });
      button.dataset.action = action;
      button.addEventListener('click', () => disturb(server.id, link.to, action));
      group.append(button);
    }
    row.dataset.link = `${server.id}-${link.to}`;
    row.append(html('span', { className: 'to' }, arrow, `${link.to}`), group);
    return row;
  }));
  return field;
}

function showSender(field, server) {
  field.classList.toggle('down', !server.isUp);
  field.querySelector('legend span').textContent = server.isUp ? server.address : `down: ${server.failure}`;
  server.links.forEach((link, index) => {
    const row = field.querySelectorAll('.link')[index];
    row.dataset.state = link.state;
    row.title = link.text || 'as it should be';
    for (const button of row.querySelectorAll('button')) {
      button.disabled = !server.isUp;
      button.setAttribute('aria-pressed', button.dataset.action === (link.state === 'open' ? 'heal' : link.state));
    }
  });
}

function showDown() {
  timeline.down = new Set(servers.filter(server => !server.isUp).map(server => server.name));
  timeline.run.lanes.forEach((lane, index) => timeline.headOf[index].classList.toggle('down', timeline.down.has(lane.name)));
}

async function disturb(from, to, action) {
  const amount = action === 'delay' ? ` ${DELAY_MS}` : '';
  let text = '';
  try {
    const answer = await fetch('link', { method: 'POST', headers: { 'X-Token': token }, body: `${from} ${to} ${action}${amount}` });
    if (!answer.ok) text = await answer.text();
  } catch {
    text = 'watch-ui does not answer: is it still running?';
  }
  refusal.textContent = text;
}

document.querySelector('.bar h1').after(state);
document.querySelector('.replay').before(follow.button);
document.querySelector('.stage').prepend(links);
follow.button.addEventListener('click', () => follow.set(!follow.isOn));
timeline.scroller.addEventListener('scroll', () => follow.scrolled(), { passive: true });
document.addEventListener('keydown', press => {
  if (press.key === 'n' && !press.target.matches?.('input') && !press.ctrlKey && !press.metaKey && !press.altKey) follow.set(!follow.isOn);
});
setInterval(() => {
  if (document.hidden || !timeline.run.delays.some(delay => delay[1] === null)) return;
  passTime();
  timeline.lay();
  follow.go();
}, TICK_MS);

const source = new EventSource('events');
source.onmessage = message => {
  const news = JSON.parse(message.data);
  showServers(news.servers);
  if (news.run) show(news.run);
  const up = news.servers.filter(server => server.isUp).length;
  say(`live, ${up} of ${news.servers.length} ${news.servers.length === 1 ? 'server' : 'servers'}${news.dropped ? `, the oldest ${news.dropped.toLocaleString('en')} events are gone` : ''}`, up === 0);
};
source.onerror = () => say('watch-ui does not answer, trying again', true);
follow.set(true);
layIfResized(true);

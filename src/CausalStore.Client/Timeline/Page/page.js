// Draws the runs. Only what is in view, and a screen above and below it, is in the document: a run of 20,000
// events scrolls like one of 20.
'use strict';

const LANE = 0, KIND = 1, TIME = 2, MARK = 3, LABEL = 4, TEXT = 5, VERSION = 6, KEYS = 7, WRONG = 8, OPS = 9;
const AXIS = 84, MARGIN = 134, LANE_MIN = 92, LANE_MIN_DIFF = 70, LANE_MAX = 230, COLOURS = 8, LIST_MAX = 200, KEYS_SHOWN = 4, REASON_MAX = 60;
const SVG = 'http://www.w3.org/2000/svg';
const byId = id => document.getElementById(id);

function element(name, attributes, ...children) {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) one.setAttribute(key, value);
  }
  one.append(...children);
  return one;
}

function html(name, properties, ...children) {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
}

function seconds(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

// The colour of each key, the same in both runs; in the order in which they are written.
const colours = new Map();
function giveColours(runs) {
  const isWrite = one => one[OPS] || one[KIND] === 'wrote';
  for (const wanted of [isWrite, one => !isWrite(one)]) {
    for (const one of runs.flatMap(run => run.events).filter(wanted)) {
      for (const key of one[KEYS] ? one[KEYS].split('\n') : []) {
        if (!colours.has(key)) colours.set(key, colours.size % COLOURS);
      }
    }
  }
}

// One run: its picture, and what is lit in it.
class Timeline {
  constructor(run, number, onChoose) {
    this.onChoose = onChoose;
    this.logical = false;
    this.chosen = null;
    this.past = this.future = null;
    this.hits = null;
    this.now = Infinity;
    this.window = [0, 0];
    this.cursor = 0;
    this.colours = colours;
    this.tail = 0;
    this.down = new Set();
    this.build(run.name, number);
    this.take(run);
  }

  get y() { return this.logical ? this.run.logical : this.run.real; }
  get height() { return this.run.heights[this.logical ? 1 : 0] + (this.logical ? 0 : this.tail); }

  // The run to be shown: at the beginning, and again whenever a run that goes on has gone on.
  take(run) {
    this.run = run;
    this.versions = undefined;
    this.marks = run.events.map((_, index) => index).filter(index => run.events[index][MARK] === index);
    this.effects = this.turnedRound(run.causes);
    this.delayFrom = new Map(run.delays.map(delay => [delay[0], delay]));
    const wrong = run.events.filter(one => one[WRONG]).length;
    this.caption.replaceChildren(
      html('h2', { textContent: run.name }),
      html('p', { textContent: `${this.marks.length.toLocaleString('en')} events, ${run.messages.length.toLocaleString('en')} messages, ${run.delays.length} delayed` }),
      ...(wrong ? [html('p', { className: 'wrong', textContent: wrong === 1 ? 'one effect before its cause' : `${wrong} effects before their causes` })] : []));
    this.headOf = run.lanes.map(lane => html('div', { className: lane.isServer ? 'head server' : 'head' }, html('b', { textContent: lane.name }), html('span', {})));
    this.heads.replaceChildren(...this.headOf);
  }

  colour(index) {
    const keys = this.run.events[index][KEYS];
    const version = this.run.events[index][VERSION];
    if (!keys && version) return this.colourOfVersion(version);
    return keys ? `var(--w${this.colours.get(keys.split('\n')[0])})` : 'var(--soft)';
  }

  colourOfVersion(version) {
    this.versions ??= new Map(this.run.events.filter(one => one[VERSION] && one[KEYS])
      .map(one => [one[VERSION], one[KEYS].split('\n')[0]]));
    return this.versions.has(version) ? `var(--w${this.colours.get(this.versions.get(version))})` : 'var(--soft)';
  }

  turnedRound(causes) {
    const effects = causes.map(() => []);
    causes.forEach((some, to) => some.forEach(from => effects[from].push(to)));
    return effects;
  }

  build(name, number) {
    this.heads = html('div', { className: 'heads' });
    this.svg = element('svg', { class: 'picture', role: 'group', 'aria-label': `The ${name} run, time downwards` });
    this.veil = html('div', { className: 'veil', hidden: true }, html('span', {}));
    this.canvas = html('div', { className: 'canvas' }, this.svg, this.veil);
    this.scroller = html('div', { className: 'scroller', tabIndex: -1 }, this.heads, this.canvas);
    this.minimap = html('canvas', { className: 'minimap', title: 'The whole run' });
    this.minimap.setAttribute('aria-hidden', 'true');
    this.root = html('section', { className: 'run' },
      this.caption = html('div', { className: 'caption' }),
      html('div', { className: 'frame' }, this.scroller, this.minimap));
    this.root.dataset.run = number;
    this.scroller.addEventListener('scroll', () => this.look(), { passive: true });
    this.svg.addEventListener('click', click => this.clicked(click));
    this.svg.addEventListener('keydown', press => this.pressed(press));
    for (const type of ['pointerdown', 'pointermove']) {
      this.minimap.addEventListener(type, move => {
        if (move.buttons & 1) this.scroller.scrollTop = move.offsetY / this.minimap.clientHeight * this.height - this.scroller.clientHeight / 2;
      });
    }
  }

  // Sizes have changed, or the meaning of time.
  lay() {
    const room = this.scroller.clientWidth - AXIS - MARGIN;
    this.step = Math.max(isDiff ? LANE_MIN_DIFF : LANE_MIN, Math.min(LANE_MAX, room / this.run.lanes.length));
    this.width = AXIS + this.step * this.run.lanes.length + MARGIN;
    this.canvas.style.width = this.heads.style.width = `${Math.max(this.width, this.scroller.clientWidth)}px`;
    this.canvas.style.height = `${Math.max(this.height, this.scroller.clientHeight - 66)}px`;
    this.headOf.forEach((head, lane) => {
      const aside = Math.min(14, this.step * 0.15);
      head.style.left = `${this.x(lane) + (this.run.lanes[lane].isServer ? -aside : aside)}px`;
      head.lastChild.style.maxWidth = `${this.step * (this.run.lanes[lane + 1]?.isServer ? 0.95 : 1.9)}px`;
    });
    this.drawMinimap();
    this.showNow();
    this.draw();
  }

  // Clients stand left of their servers, and say what they say on the left.
  x(lane) { return AXIS + this.step * (lane + (this.run.lanes[lane].isServer ? 0.2 : 0.8)); }

  look() {
    const top = this.scroller.scrollTop, bottom = top + this.scroller.clientHeight;
    if (top < this.window[0] + 40 && this.window[0] > 0 || bottom > this.window[1] - 40 && this.window[1] < this.height) this.draw();
    this.drawMinimapView();
  }

  draw() {
    const tall = this.scroller.clientHeight || 600;
    const from = Math.max(0, this.scroller.scrollTop - tall);
    const to = Math.min(Math.max(this.height, tall), this.scroller.scrollTop + 2 * tall);
    const focused = document.activeElement?.closest?.('.mark')?.dataset.event;
    const hadFocus = focused !== undefined && this.svg.contains(document.activeElement);
    this.window = [from, to];
    const drawing = element('g', { transform: `translate(0 ${-from})` });
    drawing.append(this.ticks(from, to), this.lanes(from, to), this.waits(from, to), this.messages(from, to), this.dots(from, to));
    this.svg.style.top = `${from}px`;
    this.svg.setAttribute('width', Math.max(this.width, this.scroller.clientWidth));
    this.svg.setAttribute('height', to - from);
    this.svg.replaceChildren(drawing);
    if (hadFocus) this.svg.querySelector(`[data-event="${focused}"]`)?.focus({ preventScroll: true });
  }

  ticks(from, to) {
    const group = element('g', { class: 'ticks', 'aria-hidden': 'true' });
    if (this.logical) return group;
    for (const [y, text] of this.run.ticks) {
      if (y < from || y > to) continue;
      group.append(element('g', { class: 'tick' },
        element('line', { x1: AXIS - 12, x2: this.width, y1: y, y2: y }),
        element('text', { x: AXIS - 20, y: y + 4 }, text)));
    }
    return group;
  }

  lanes(from, to) {
    const group = element('g', { class: 'lanes', 'aria-hidden': 'true' });
    const ends = new Map();
    for (const [lane, first, last, hasCrashed] of this.run.lives) {
      const kind = this.run.lanes[lane].isServer ? 'lane server' : 'lane';
      const isDown = this.down.has(this.run.lanes[lane].name);
      const isOpen = this.run.lanes[lane].isServer && this.run.events[last][KIND] !== 'stop' && !hasCrashed && !isDown;
      const top = this.y[first], bottom = isOpen ? this.height - 16 : Math.max(this.y[last], top + 6);
      if (ends.has(lane)) this.line(group, `${kind} outage`, lane, ends.get(lane), top, from, to);
      this.line(group, kind, lane, top, bottom, from, to);
      ends.set(lane, bottom);
      if (isDown && this.run.lives.findLast(life => life[0] === lane)[1] === first) this.line(group, `${kind} outage`, lane, bottom, this.height - 16, from, to);
      if (hasCrashed && bottom > from && bottom < to) {
        const x = this.x(lane), y = bottom + 12;
        group.append(element('path', { class: 'crash', d: `M${x - 6} ${y - 6}l12 12m0 -12l-12 12` }));
      }
    }
    return group;
  }

  line(group, kind, lane, top, bottom, from, to) {
    if (bottom < from || top > to) return;
    const x = this.x(lane);
    group.append(element('line', { class: kind, x1: x, x2: x, y1: Math.max(top, from), y2: Math.min(bottom, to), 'data-lane': this.run.lanes[lane].name }));
  }

  waits(from, to) {
    const group = element('g', { class: 'waits' });
    for (const [start, end, reason] of this.run.delays) {
      const top = this.y[start], bottom = end === null ? this.height - 16 : this.y[end];
      if (bottom < from || top > to) continue;
      const x = this.x(this.run.events[start][LANE]);
      const bar = element('rect', { class: `wait ${this.lit(start)}`, x: x - 7, y: top, width: 14, height: Math.max(2, bottom - top), rx: 7, 'data-event': start, 'data-reason': reason }, element('title', {}, reason));
      group.append(bar);
      const hatch = [];
      for (let y = Math.max(top + 8, from); y < Math.min(bottom - 8, to); y += 9) hatch.push(`M${x - 4} ${y + 4}l8 -8`);
      group.append(element('path', { class: `hatch ${this.lit(start)}`, d: hatch.join(''), 'pointer-events': 'none' }));
    }
    return group;
  }

  messages(from, to) {
    const group = element('g', { class: 'messages', 'aria-hidden': 'true' });
    const { events } = this.run;
    for (const [sent, arrived, kind] of this.run.messages) {
      const y1 = this.y[sent], y2 = this.y[arrived];
      if (y2 < from || y1 > to || events[sent][LANE] === events[arrived][LANE]) continue;
      const x1 = this.x(events[sent][LANE]), x2 = this.x(events[arrived][LANE]);
      const long = Math.hypot(x2 - x1, y2 - y1), dx = (x2 - x1) / long, dy = (y2 - y1) / long;
      const isLate = kind === 'replication' && events[arrived][TIME] - events[sent][TIME] > 500;
      const colour = events[sent][VERSION] ? this.colourOfVersion(events[sent][VERSION]) : 'var(--soft)';
      const lit = this.litMessage(sent, arrived);
      const ex = x2 - dx * 8, ey = y2 - dy * 8;
      const line = element('g', { style: `--c:${colour}`, class: lit === 'dim' ? 'dim' : '', 'data-from': sent, 'data-to': arrived, 'data-kind': kind },
        element('path', { class: `message ${kind} ${isLate ? 'late' : ''} ${lit}`, d: `M${x1 + dx * 6} ${y1 + dy * 6}L${ex - dx * 4} ${ey - dy * 4}` }),
        element('path', { class: 'tip', d: `M${ex} ${ey}l${-dx * 8 - dy * 3.6} ${-dy * 8 + dx * 3.6}l${dy * 7.2} ${-dx * 7.2}z` }));
      group.append(line);
    }
    return group;
  }

  dots(from, to) {
    const group = element('g', { class: 'marks' });
    for (const index of this.marks) {
      const y = this.y[index];
      if (y >= from - 20 && y <= to + 20) group.append(this.dot(index, y));
    }
    return group;
  }

  dot(index, y) {
    const [lane, kind, , , label, text, version, , wrong] = this.run.events[index];
    const x = this.x(lane), quiet = ['start', 'stop', 'connect', 'note', 'read', 'receive', 'send'].includes(kind);
    const classes = ['mark', kind, quiet && 'quiet', wrong && 'wrong', this.hits?.has(index) && 'hit', this.lit(index)].filter(Boolean);
    const mark = element('g', { class: classes.join(' '), style: `--c:${this.colour(index)}`, transform: `translate(${x} ${y})`, role: 'button', tabindex: index === this.cursorOrFirst() ? 0 : -1, 'aria-label': text, 'data-event': index, 'data-kind': kind, 'data-version': version ?? '' },
      element('title', {}, `${text}\n${seconds(this.run.events[index][TIME])} after the beginning`),
      element('circle', { class: 'halo', r: 10 }), shape(kind));
    this.write(mark, label, version, kind, lane);
    const delay = this.delayFrom.get(index);
    if (delay) {
      const waited = delay[1] === null ? this.waitsStill(index) : seconds(this.run.events[delay[1]][TIME] - this.run.events[index][TIME]);
      mark.append(element('text', { class: 'why', x: 13, y: 18, 'data-reason': delay[2] }, `${waited} for ${delay[2].split(' waits for ')[1]}`.slice(0, REASON_MAX)));
    }
    if (wrong) mark.append(element('text', { class: 'bad', x: 13, y: 18 }, `before ${wrong}, its cause`));
    return mark;
  }

  waitsStill() { return 'still waits'; }

  write(mark, label, version, kind, lane) {
    if (!label) return;
    const isLeft = ['wrote', 'saw', 'told'].includes(kind);
    const neighbour = this.run.lanes[isLeft ? lane - 1 : lane + 1], isServer = this.run.lanes[lane].isServer;
    const room = !isLeft && !neighbour ? this.width - this.x(lane) : this.step * (neighbour && neighbour.isServer !== isServer ? 1.2 : 0.9);
    const words = element('text', isLeft ? { x: -12, y: 4, 'text-anchor': 'end' } : { x: 13, y: 4 }, this.cut(label, 12, room, isLeft));
    if (version && ['write', 'apply'].includes(kind) && (label.length + version.length) * 6.4 < this.step - 20) {
      words.append(element('tspan', { class: 'v', dx: 6 }, version));
    }
    mark.append(words);
  }

  // Labels end before the next lane, or the edge; the whole of it is in the title.
  cut(text, size, room, hasVerb) {
    const most = Math.max(6, Math.floor((room - 12) / (size * 0.52)));
    if (text.length > most + 1 && hasVerb) text = text.slice(text.indexOf(' ') + 1);
    return text.length > most + 1 ? `${text.slice(0, most - 1)}…` : text;
  }

  cursorOrFirst() { return this.chosen ?? (this.cursor || this.marks[0]); }

  lit(index) {
    if (this.chosen === null) return this.hits && !this.hits.has(index) ? 'dim' : '';
    if (index === this.chosen) return 'chosen';
    return this.past.has(index) ? 'past' : this.future.has(index) ? 'future' : 'dim';
  }

  litMessage(sent, arrived) {
    if (this.chosen === null) return this.hits ? 'dim' : '';
    const inPast = index => index === this.chosen || this.past.has(index);
    const inFuture = index => index === this.chosen || this.future.has(index);
    return inPast(sent) && inPast(arrived) ? 'past' : inFuture(sent) && inFuture(arrived) ? 'future' : 'dim';
  }

  choose(index, moves) {
    this.chosen = index;
    if (index !== null) {
      this.cursor = index;
      this.past = this.reach(index, this.run.causes);
      this.future = this.reach(index, this.effects);
      if (moves) this.show(index);
    }
    this.draw();
    this.drawMinimap();
    this.onChoose(this);
  }

  reach(index, next) {
    // What is received, sent and pushed is drawn at the mark of what it belongs to.
    const reached = new Set(), open = [index];
    while (open.length) {
      for (const other of next[open.pop()]) {
        if (!reached.has(other)) { reached.add(other); open.push(other); }
      }
    }
    reached.delete(index);
    return reached;
  }

  show(index) {
    const y = this.y[index], tall = this.scroller.clientHeight, x = this.x(this.run.events[index][LANE]);
    if (y < this.scroller.scrollTop + 40 || y > this.scroller.scrollTop + tall - 140) this.scroller.scrollTop = y - tall / 2;
    if (x < this.scroller.scrollLeft + AXIS || x > this.scroller.scrollLeft + this.scroller.clientWidth - 60) this.scroller.scrollLeft = x - this.scroller.clientWidth / 2;
  }

  focus(index) {
    this.cursor = index;
    this.show(index);
    this.draw();
    this.svg.querySelector(`.mark[data-event="${index}"]`)?.focus({ preventScroll: true });
  }

  clicked(click) {
    const event = click.target.closest('.mark, .wait')?.dataset.event;
    this.choose(event === undefined || Number(event) === this.chosen ? null : Number(event));
    if (event !== undefined) this.svg.querySelector(`.mark[data-event="${event}"]`)?.focus({ preventScroll: true });
  }

  pressed(press) {
    const mark = press.target.closest?.('.mark');
    if (!mark || press.ctrlKey || press.metaKey || press.altKey) return;
    const index = Number(mark.dataset.event);
    const target = this.targetOf(press.key, index);
    if (press.key === 'Enter' || press.key === ' ') this.choose(index === this.chosen ? null : index);
    else if (target !== undefined) this.focus(target);
    else return;
    press.preventDefault();
    press.stopPropagation();
  }

  targetOf(key, index) {
    const lane = this.run.events[index][LANE], place = this.marks.indexOf(index);
    const along = step => {
      for (let at = place + step; at >= 0 && at < this.marks.length; at += step) {
        if (this.run.events[this.marks[at]][LANE] === lane) return this.marks[at];
      }
    };
    const across = step => {
      for (let other = lane + step; other >= 0 && other < this.run.lanes.length; other += step) {
        const there = this.marks.filter(mark => this.run.events[mark][LANE] === other);
        if (there.length) return there.reduce((a, b) => Math.abs(this.y[b] - this.y[index]) < Math.abs(this.y[a] - this.y[index]) ? b : a);
      }
    };
    switch (key) {
      case 'ArrowUp': return along(-1);
      case 'ArrowDown': return along(1);
      case 'ArrowLeft': return across(-1);
      case 'ArrowRight': return across(1);
      case 'Home': return this.marks[0];
      case 'End': return this.marks.at(-1);
      default: return undefined;
    }
  }

  search(text) {
    const wanted = text.trim().toLowerCase();
    this.hits = !wanted ? null : new Set(this.marks.filter(index => {
      const one = this.run.events[index];
      return one[VERSION] === wanted || one[KEYS].split('\n').some(key => key && key.toLowerCase().includes(wanted));
    }));
    this.draw();
    this.drawMinimap();
  }

  // Everything below this moment is not yet.
  setNow(share) {
    this.now = share >= 1 ? Infinity : share * this.height;
    this.showNow();
  }

  showNow() {
    this.veil.hidden = this.now === Infinity;
    if (!this.veil.hidden) {
      this.veil.style.top = `${this.now}px`;
      const last = this.marks.findLast(index => this.y[index] <= this.now);
      this.veil.firstChild.textContent = last === undefined ? '0.000 s' : `${(this.run.events[last][TIME] / 1000).toFixed(3)} s`;
    }
    this.showStores();
  }

  // What each server would answer at this moment: the greatest version of each key that is visible there.
  showStores() {
    if (this.colours.size > KEYS_SHOWN || this.run.events.length > 5000) return;
    const stores = this.run.lanes.map(() => new Map());
    const isGreater = (a, b) => !b || Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]);
    this.run.events.forEach((one, index) => {
      if (!one[OPS] || this.y[index] > this.now) return;
      const version = one[VERSION].split('@');
      for (const [key, value] of one[OPS]) {
        if (isGreater(version, stores[one[LANE]].get(key)?.version) > 0 || !stores[one[LANE]].has(key)) stores[one[LANE]].set(key, { value, version });
      }
    });
    this.run.lanes.forEach((lane, index) => {
      if (!lane.isServer) return;
      const span = this.headOf[index].lastChild;
      span.replaceChildren(...[...stores[index]].filter(([, { value }]) => value !== null).flatMap(([key, { value }], place) => {
        const part = html('span', { textContent: `${key}=${value}` });
        part.style.cssText = `display:inline;color:var(--w${this.colours.get(key)})`;
        return place ? [' ', part] : [part];
      }));
      span.title = span.textContent;
    });
  }

  drawMinimap() {
    const map = this.minimap, ratio = window.devicePixelRatio || 1;
    map.width = map.clientWidth * ratio;
    map.height = map.clientHeight * ratio;
    const pen = map.getContext('2d', { willReadFrequently: true }), style = getComputedStyle(document.documentElement);
    const ink = name => style.getPropertyValue(name).trim();
    const across = (map.width - 12) / this.run.lanes.length, down = map.height / Math.max(this.height, this.scroller.clientHeight);
    pen.clearRect(0, 0, map.width, map.height);
    pen.fillStyle = ink('--wait');
    for (const [start, end] of this.run.delays) {
      const top = this.y[start] * down, bottom = (end === null ? this.height : this.y[end]) * down;
      pen.fillRect(6 + this.run.events[start][LANE] * across, top, Math.max(2, across - 1), Math.max(1, bottom - top));
    }
    for (const index of this.marks) {
      const lit = this.lit(index);
      pen.globalAlpha = lit === 'dim' ? .15 : .75;
      pen.fillStyle = ink(/--w\d|--soft/.exec(this.colour(index))[0]);
      pen.fillRect(6 + this.run.events[index][LANE] * across, this.y[index] * down, Math.max(2, across - 1), Math.max(1, ratio));
    }
    pen.globalAlpha = 1;
    this.mapImage = pen.getImageData(0, 0, Math.max(1, map.width), Math.max(1, map.height));
    this.drawMinimapView();
  }

  drawMinimapView() {
    const pen = this.minimap.getContext('2d', { willReadFrequently: true }), style = getComputedStyle(document.documentElement);
    if (!this.mapImage) return;
    pen.putImageData(this.mapImage, 0, 0);
    const down = this.minimap.height / Math.max(this.height, this.scroller.clientHeight);
    pen.strokeStyle = style.getPropertyValue('--focus').trim();
    pen.lineWidth = 1.5 * (window.devicePixelRatio || 1);
    pen.strokeRect(1, this.scroller.scrollTop * down + 1, this.minimap.width - 2, Math.max(8, this.scroller.clientHeight * down - 2));
  }
}

function shape(kind) {
  switch (kind) {
    case 'wrote': return element('rect', { class: 'dot', x: -5.5, y: -5.5, width: 11, height: 11, rx: 2.5 });
    case 'saw': case 'told': return element('rect', { class: 'open', x: -4.75, y: -4.75, width: 9.5, height: 9.5, rx: 2.5 });
    case 'write': return element('circle', { class: 'dot', r: 7 });
    case 'delay': return element('circle', { class: 'open', r: 6, style: '--c:var(--wait)' });
    case 'apply': return element('circle', { class: 'dot', r: 5.5 });
    case 'fault': case 'disconnect': case 'dropped': return element('path', { class: 'dot', d: 'M0 -7L6.5 5h-13z', style: '--c:var(--wrong)' });
    default: return element('circle', { class: 'dot', r: 3.5, style: '--c:var(--server)' });
  }
}

// What stands beside the picture.
class Details {
  constructor(place) { this.place = place; }

  legend(isMissing) {
    const row = (drawing, text) => {
      const picture = element('svg', { viewBox: '-13 -11 26 22', 'aria-hidden': 'true', style: '--c:var(--w0)' }, ...drawing);
      return [html('dt', {}, picture), html('dd', { textContent: text })];
    };
    const sample = kind => [element('g', { class: 'mark' }, shape(kind))];
    this.place.hidden = isMissing;
    this.place.replaceChildren(
      html('h2', { textContent: 'How to read it' }),
      html('p', { textContent: 'Each line is a process, time runs downwards, and each write has the colour of its key. Choose an event: its causes and its effects light up, and what is dimmed has nothing to do with it.' }),
      html('dl', {},
        ...row(sample('wrote'), 'A client writes'),
        ...row(sample('saw'), 'A client reads, or is shown a change'),
        ...row(sample('write'), 'A server accepts a write'),
        ...row(sample('apply'), 'A write becomes visible at another server'),
        ...row([element('rect', { class: 'wait', x: -6, y: -10, width: 12, height: 20, rx: 6 }), element('path', { class: 'hatch', d: 'M-3 -1l6 -6M-3 7l6 -6' })], 'A write waits for what it depends on'),
        ...row(sample('fault'), 'A link is cut, delayed or healed'),
        ...row([element('circle', { r: 8, fill: 'none', stroke: 'var(--wrong)', 'stroke-width': 2 }), element('circle', { class: 'tip', r: 4.5 })], 'An effect is visible before its cause')),
      html('h3', { textContent: 'Keys' }),
      html('p', {}, html('kbd', { textContent: '↑ ↓' }), ' along a line, ', html('kbd', { textContent: '← →' }), ' to the next, ', html('kbd', { textContent: 'Enter' }), ' chooses, ', html('kbd', { textContent: 'Esc' }), ' lets go, ', html('kbd', { textContent: '/' }), ' finds, ', html('kbd', { textContent: 'Space' }), ' replays, ', html('kbd', { textContent: 't' }), ' switches the time.'));
  }

  show(timeline) {
    const { run, chosen } = timeline, one = run.events[chosen];
    const delay = run.delays.find(([from, to]) => from === chosen || to === chosen);
    const marks = set => timeline.marks.filter(index => set.has(index));
    const past = marks(timeline.past), future = marks(timeline.future);
    const count = (colour, text) => html('span', {}, Object.assign(html('i', {}), { style: `background:${colour}` }), text);
    this.place.hidden = false;
    this.place.replaceChildren(
      html('h2', { textContent: one[TEXT] }),
      html('p', { textContent: `${seconds(one[TIME])} after the beginning` }),
      ...(delay ? [html('p', { className: 'because', textContent: `${delay[2]}${delay[1] === null ? ', still' : `: ${seconds(run.events[delay[1]][TIME] - run.events[delay[0]][TIME])}`}` })] : []),
      ...(one[WRONG] ? [html('p', { className: 'wrong', textContent: `Visible here before ${one[WRONG]}, which its writer had seen.` })] : []),
      html('div', { className: 'counts' },
        count('var(--past)', `${past.length} before`), count('var(--future)', `${future.length} after`),
        count('var(--faint)', `${timeline.marks.length - past.length - future.length - 1} unrelated`)),
      ...this.list('Its causes', past.reverse(), timeline, 'var(--past)'),
      ...this.list('Its effects', future, timeline, 'var(--future)'));
    this.place.scrollTop = 0;
  }

  list(title, indices, timeline, colour) {
    if (!indices.length) return [];
    const items = indices.slice(0, LIST_MAX).map(index => {
      const button = html('button', { type: 'button', textContent: timeline.run.events[index][TEXT] });
      button.style.setProperty('--c', colour);
      button.addEventListener('click', () => timeline.choose(index, true));
      return html('li', {}, button);
    });
    return [html('h3', { textContent: title }), html('ol', {}, ...items),
      ...(indices.length > LIST_MAX ? [html('p', { textContent: `and ${indices.length - LIST_MAX} more` })] : [])];
  }
}

const details = new Details(byId('details'));
const runs = JSON.parse(byId('data').textContent);
giveColours(runs);
const timelines = runs.map((run, number) => new Timeline(run, number, chosen));
const isDiff = runs.length > 1;
byId('runs').append(...timelines.map(timeline => timeline.root));

function chosen(timeline) {
  if (timeline.chosen === null) {
    if (!timelines.some(one => one.chosen !== null)) details.legend(isDiff);
    return layIfResized();
  }
  timelines.filter(other => other !== timeline && other.chosen !== null).forEach(other => { other.chosen = null; other.draw(); });
  details.show(timeline);
  layIfResized();
}

let width = 0;
function layIfResized(force) {
  if (force || width !== byId('runs').clientWidth) {
    width = byId('runs').clientWidth;
    timelines.forEach(timeline => timeline.lay());
  }
}

function setLogical(isLogical) {
  byId('real').setAttribute('aria-pressed', !isLogical);
  byId('logical').setAttribute('aria-pressed', isLogical);
  for (const timeline of timelines) {
    // The event that was in the middle stays there.
    const middle = timeline.scroller.scrollTop + timeline.scroller.clientHeight / 2;
    const kept = timeline.chosen ?? timeline.marks.findLast(index => timeline.y[index] <= middle) ?? timeline.marks[0];
    const offset = timeline.y[kept] - timeline.scroller.scrollTop;
    timeline.logical = isLogical;
    timeline.setNow(Number(byId('now').value) / 1000);
    timeline.lay();
    timeline.scroller.scrollTop = timeline.y[kept] - offset;
    timeline.draw();
  }
}

// The replay: the slider goes down by itself, and the pictures follow.
const replay = {
  frame: 0,
  get isOn() { return this.frame !== 0; },
  toggle() { if (this.isOn) this.stop(); else this.start(); },
  start() {
    const slider = byId('now');
    let share = Number(slider.value) >= 1000 ? 0 : Number(slider.value) / 1000, last = performance.now();
    const tallest = Math.max(...timelines.map(timeline => timeline.height));
    const duration = Math.max(6000, Math.min(60000, tallest * 12));
    const step = time => {
      share += (time - last) / duration;
      last = time;
      slider.value = share * 1000;
      timelines.forEach(timeline => { timeline.setNow(share); timeline.scroller.scrollTop = timeline.now - timeline.scroller.clientHeight * 0.62; });
      this.frame = share < 1 ? requestAnimationFrame(step) : 0;
      this.showState();
    };
    this.frame = requestAnimationFrame(step);
    this.showState();
  },
  stop() { cancelAnimationFrame(this.frame); this.frame = 0; this.showState(); },
  showState() {
    byId('play').setAttribute('aria-pressed', this.isOn);
    byId('play').setAttribute('aria-label', this.isOn ? 'Stop the replay' : 'Replay the run');
    byId('play-shape').setAttribute('d', this.isOn ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2.5v11l9.5-5.5z');
  },
};

function search(step) {
  const text = byId('search').value;
  if (step === 0) timelines.forEach(timeline => timeline.search(text));
  const hits = timelines.flatMap(timeline => [...timeline.hits ?? []].map(index => [timeline, index]));
  if (step !== 0 && hits.length) {
    const at = hits.findIndex(([timeline, index]) => timeline === search.timeline && index === search.index);
    const [timeline, index] = hits[(at + step + hits.length) % hits.length];
    [search.timeline, search.index] = [timeline, index];
    timeline.show(index);
    timeline.draw();
  }
  byId('found').textContent = text.trim() ? `${hits.length.toLocaleString('en')}` : '';
}

byId('real').addEventListener('click', () => setLogical(false));
byId('logical').addEventListener('click', () => setLogical(true));
byId('play').addEventListener('click', () => replay.toggle());
byId('now').addEventListener('input', slide => { replay.stop(); timelines.forEach(timeline => timeline.setNow(slide.target.value / 1000)); });
byId('search').addEventListener('input', () => search(0));
byId('search').addEventListener('keydown', press => { if (press.key === 'Enter') { press.preventDefault(); search(press.shiftKey ? -1 : 1); } });
byId('theme').addEventListener('click', () => { document.documentElement.classList.toggle('dark'); timelines.forEach(timeline => timeline.drawMinimap()); });
document.addEventListener('keydown', press => {
  const isTyping = press.target.matches?.('input, button');
  if (press.ctrlKey || press.metaKey || press.altKey) return;
  if (press.key === 'Escape') { byId('search').value = ''; search(0); timelines.filter(one => one.chosen !== null).forEach(one => one.choose(null)); }
  else if (isTyping) return;
  else if (press.key === '/') { byId('search').focus(); press.preventDefault(); }
  else if (press.key === ' ') { replay.toggle(); press.preventDefault(); }
  else if (press.key === 't') setLogical(!timelines[0].logical);
});
new ResizeObserver(() => layIfResized(true)).observe(byId('runs'));

if (matchMedia('(prefers-color-scheme: dark)').matches) document.documentElement.classList.add('dark');
if (location.hash === '#dark') document.documentElement.classList.add('dark');
details.legend(isDiff);
layIfResized(true);

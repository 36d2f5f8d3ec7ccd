import { getIncident, listen, run } from './api.js';
import { say } from './announce.js';
import { openSheet } from './form.js';
import { renderHero, tickHero } from './hero.js';
import { renderList, renderTimeline, tickList } from './incidents.js';
import { createPanels, PANELS } from './panels.js';

// A change reaches the providers and the table at different moments, so the selected incident is looked at again.
const LOOK_AGAIN_MS = 2_000;
// Older ones stay in the list as they were last seen.
const KEPT_FRESH = 20;

const byId = (id) => document.querySelector(`#${id}`);
const views = {};
const incidents = new Map();
let selected;
let chosenByHand = false;
let timer;

const panels = createPanels(byId('providers'));
byId('raise').addEventListener('click', () => openSheet(byId('sheet'), follow));

listen(
  ['run', ...Object.keys(PANELS)],
  (topic, view) => {
    if (topic === 'run') {
      Object.assign(run, view);
      live('live');
    } else {
      views[topic] = view;
      panels.show(topic, view, selected);
      for (const id of PANELS[topic].incidents(view))
        if (!incidents.has(id)) incidents.set(id, { correlation_id: id });
    }
    lookSoon();
  },
  live,
);
setInterval(() => {
  tickHero(byId('hero'));
  tickList(byId('incidents'));
}, 250);
setInterval(() => {
  if (!document.hidden && selected !== undefined && incidents.get(selected)?.status !== 'resolved')
    void look([selected]);
}, LOOK_AGAIN_MS);

/** Shows an incident just raised here. */
function follow(id) {
  if (!incidents.has(id)) incidents.set(id, { correlation_id: id });
  select(id);
}

function select(id) {
  selected = id;
  chosenByHand = true;
  draw();
  panels.point(id);
  void look([id]);
}

function lookSoon() {
  if (!run.ready) return;
  timer ??= setTimeout(() => {
    timer = undefined;
    void look(
      newest()
        .slice(0, KEPT_FRESH)
        .filter((id) => incidents.get(id)?.status !== 'resolved'),
    );
  }, 300);
}

async function look(ids) {
  for (const id of ids) {
    const { ok, body } = await getIncident(id);
    if (!ok) continue;
    const before = incidents.get(id)?.status;
    incidents.set(id, body);
    if (before !== undefined && before !== body.status) say(`${body.summary}: ${body.status}`);
  }
  draw();
}

// Correlation ids are UUIDv7: they sort by time.
const newest = () => [...incidents.keys()].sort().reverse();

function draw() {
  const ids = newest();
  // Until a person picks one, the newest is what they came to see.
  if (!chosenByHand || !incidents.has(selected)) selected = ids[0];
  renderList(
    byId('incidents'),
    ids.map((id) => ({ ...incidents.get(id), chosen: id === selected })),
    select,
  );
  byId('no-incidents').hidden = ids.length > 0;
  const incident = incidents.get(selected);
  byId('timeline-section').hidden = !(incident?.timeline?.length > 0);
  renderTimeline(byId('timeline'), incident);
  renderHero(byId('hero'), incident);
  panels.mark(selected);
}

function live(state) {
  const shown = state === 'live' && !run.ready ? 'starting' : state;
  const words = {
    live: 'Live',
    lost: 'Connection lost, trying again…',
    starting: 'Starting: the stack is being deployed…',
  };
  const element = byId('live');
  element.dataset.state = shown;
  element.textContent = words[shown];
  byId('raise').disabled = shown !== 'live';
}

/* What the scripts speak of, for the type checker alone; no browser reads it. */

/** A level as the legend tells it. */
interface Level {
  code: string;
  word: string;
  sign: string;
}

/** One criterion of all communes: a letter a commune, what is written, what sorting goes by. */
interface Layer {
  name: string;
  title?: string;
  levels: string;
  words?: Record<string, string>;
  text?: string[];
  sort?: number[];
  counts?: Record<string, number>;
  subject?: string;
  /** of a scale of its own */
  looks?: (Level & { letter: string })[];
}

interface HeadlineFigure {
  id: string;
  label: string;
  value: string;
  share: string;
  note: string;
  /** under the name of its card */
  under: string;
  /** who told it */
  source: string;
  /** the newest files that did */
  files: string;
}

/** What needs a decision, and the communes that it is about. */
interface DecisionLine {
  code: string;
  title: string;
  since: string;
  reason: string;
  communes: number[];
}

/** The order of need: places of all communes, and the first few with why and since when. */
interface Need {
  order: number[];
  top: { commune: number; reason: string; since: string }[];
  empty: string;
}

interface Movement {
  /** the day that is compared with */
  since?: string;
  words: string;
  /** how many were green and red, and are */
  balance: string;
  empty: string;
  groups: { title: string; names: string }[];
  /** place of the commune, level before, level now, why */
  rows: [number, string, string, string][];
}

interface SceneFigure {
  label: string;
  value: string;
  share: string;
}

interface SceneAge {
  told: string;
  words: string;
  day_only: boolean;
  stopped: string;
  late: string[];
}

/** Green communes on every seventh day of twelve months; null where nothing in date was known. */
interface GreenCourse {
  counts: (number | null)[];
  first: string;
  last: string;
}

/** A scene of the wall, as /api/wall writes it. */
interface Scene {
  id: string;
  title: string;
  subject: string;
  levels: string;
  words: Record<string, string>;
  marks: string;
  figures: SceneFigure[];
  named: { name: string; figure: string; code?: string }[];
  named_title: string;
  more: number;
  lines: { title: string; reason: string }[];
  age: SceneAge;
  course: GreenCourse | null;
}

/** What a page shows: of `/` as /api/state writes it, of a document as it carries it, of a wall
 * as /api/wall does. */
interface State {
  province: string;
  province_name: string;
  as_of: string;
  today: string;
  live: boolean;
  build: string;
  version: number;
  token: string;
  /** What the states of this province's single days depend on. */
  stamp?: string;
  store: string;
  names: string;
  data_time: string;
  data_as_of: string;
  notice: string;
  map: string;
  days: string[];
  codes: string[];
  layers: Record<string, Layer>;
  columns: Record<string, Layer>;
  headline: HeadlineFigure[];
  as_of_line: string;
  beside: Record<string, string> | null;
  decisions: { lines: DecisionLine[]; empty: string } | null;
  weak_list: DecisionLine | null;
  need: Need | null;
  trend: { change: string; curve: (number | null)[] } | null;
  movement: Record<string, Movement> | null;
  bottleneck: string;
  lasting: string[] | null;
  outline_note: string;
  rules: string;
  flags: string[];
  own: string[];
  verified: string;
  reasons: string[][];
  way: string[][];
  sources: string[][];
  /** of a document: itself, parsed */
  page: Document;
  /** of a wall */
  scenes: Scene[];
  misread?: string[];
  overall: any;
  place: string;
  simulated: boolean;
}

/** An answer to a question for the state; `state` is null where nothing changed. */
interface Answer {
  url: string;
  etag: string;
  /** When the server said it, by its own clock. */
  date?: Date | null;
  state: State | null;
  /** Whether something newer is being made. */
  soon?: boolean;
}

/** How a page's states are asked for (assets/current.js). */
interface StateSource {
  getAddress(search: string): string;
  ask(url: string, etag: string, signal?: AbortSignal): Promise<Answer>;
  fetchDrawing(url: string): Promise<string>;
  early: Promise<Answer> | null;
}

/** A letter of a name: plain, with its mark (ă ê ơ đ …), with the tone of its syllable (0:
 * none). */
interface Letter {
  plain: string;
  letter: string;
  tone: number;
}

/** A place on the map in units of the drawing. */
interface Point {
  x: number;
  y: number;
}

interface Commune {
  code: string;
  name: string;
  former: string[];
}

/** A commune's shape; `outline` is its path while it stands as a tile. */
interface CommuneShape extends SVGPathElement {
  outline: string;
}

/** A chart as Plotly draws it. */
interface Figure {
  data: any[];
  layout: any;
}

/** What /api/charts tells; `failed`: those that could not be drawn. */
interface ChartsAnswer {
  charts: Record<string, { figure: Figure; words: string }>;
  failed: string[];
}

/** What Plotly says of one trace under the pointer. */
interface HoverPoint {
  data: any;
  curveNumber: number;
  x: unknown;
  y: any;
}

interface PlotlyElement extends HTMLElement, Figure {
  on?(event: string, listener: (hover: { points: HoverPoint[] }) => void): void;
}

/** A column's cell in one row of the table and what is written in it. */
interface Leaf {
  cell: Element;
  value: Element;
  sign?: Element;
  word?: Element;
}
type Leaves = Record<string, Leaf> & { flag: any };

/** A picture to take along: the address of a drawing with its size, and the words above and
 * below it. */
interface Picture {
  above: string;
  title: string;
  below: string[];
  /** the address of an image */
  drawing: string;
  width: number;
  height: number;
}

/** What a selector finds: of the page's elements (fields, links, details, shapes) whichever it
 * names. */
interface PageElement
  extends HTMLInputElement, Pick<HTMLSelectElement, "options" | "selectedOptions"> {
  open: boolean;
  href: string;
  pathname: string;
  outline: string;
  data: any[];
  layout: any;
  content: string;
}
interface ParentNode {
  querySelector(selectors: string): PageElement | null;
  querySelectorAll(selectors: string): NodeListOf<PageElement>;
}
interface Element {
  closest(selectors: string): PageElement | null;
  readonly dataset: DOMStringMap;
  hidden: any;
  readonly offsetTop: number;
  readonly offsetHeight: number;
  readonly offsetParent: Element | null;
  focus(options?: FocusOptions): void;
}

/** Elements that are more than an HTMLElement, by their id. */
interface ElementsById {
  search: PageElement;
  province: PageElement;
  show: PageElement;
  since: PageElement;
  sort: PageElement;
  from: PageElement;
  "as-of": PageElement;
  "since-day": PageElement;
  "movement-all": PageElement;
  "movement-table": HTMLTableElement;
  table: HTMLTableElement;
}
type ElementOf<Id extends string> = Id extends keyof ElementsById ? ElementsById[Id] : HTMLElement;

/** Where an event of the page comes from: any element, asked for what fields have too. */
interface OfElement {
  readonly target: PageElement;
}

interface Window {
  /** Dash's own, and what its callbacks in the browser call. */
  dash_clientside?: {
    set_props?(id: string, props: Record<string, unknown>): void;
    PreventUpdate?: unknown;
    charts?: { fetch_figures(address: string): Promise<unknown[]> };
  };
  dash_bootstrap_components: object;
  dash_core_components: object;
  React: any;
  CSSStyleSheet: typeof CSSStyleSheet;
  Plotly?: {
    react(place: HTMLElement, figure: Figure): Promise<void>;
    relayout(place: HTMLElement, changes: object): Promise<void>;
    Plots: { resize(place: HTMLElement): Promise<void> };
    toImage(figure: object, options: object): Promise<string>;
  };
}

/** What a team looks at in a commune (web/visit/sheets.py). */
interface Question {
  measure: string;
  name: string;
  kind: string;
  unit: string;
  whole: number | null;
  declared: number | null;
  declared_age: string;
  verified: number | null;
  verified_age: string;
  aim: number | null;
  aim_words: string;
  doubt: string;
}

interface Sheet {
  code: string;
  name: string;
  level: string;
  word: string;
  sign: string;
  reason: string;
  /** its place in the order of need */
  rank: number;
  questions: Question[];
}

/** Where a team goes by the schedule (web/visit/page.py). */
interface TeamDay {
  day: string;
  team: string;
  communes: string[];
}

/** What is sent of a visit (web/visit/entry.py), and what a phone knows of it besides. */
interface VisitContent {
  commune: string;
  way: string;
  moment: string;
  findings: { measure: string; value: number; mended: boolean; seen: number | null }[];
  note: string;
  promises: { measure: string; target: number; owner: string; due: string }[];
}

interface Visit {
  id: string;
  state: string;
  queuedAt: number;
  name: string;
  why: string[];
  content: VisitContent;
}

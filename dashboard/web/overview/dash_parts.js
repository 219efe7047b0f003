/* The three components of Dash's packages that `/` uses, the list, the field and the graph, with
   the same elements and the same behaviour. The packages' own bundles carry a hundred more and
   weigh 177 kB; this goes into Dash's scripts in their place (web/bundles.py). Python declares
   them as ever: dbc.Select, dbc.Input, dcc.Graph. */
import { askPersistently } from "./dash_requests.js";

const { React } = window;

/** What Dash gives that is no attribute of an element. */
const NO_ATTRIBUTES = ["setProps", "n_submit", "n_blur", "debounce"];
/** Attributes as Python writes them → as React does.
 * @type {Record<string, string>} */
const SPELLED = { autocomplete: "autoComplete", maxlength: "maxLength" };

/** @param {Record<string, any>} props @returns {Record<string, any>} */
function getAttributes(props) {
  const kept = Object.entries(props).filter(([name]) => !NO_ATTRIBUTES.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [SPELLED[name] || name, value]));
}

/** A native list; while nothing is chosen its placeholder stands there.
 * @param {Record<string, any>} props */
function Select({ options, placeholder, value, ...props }) {
  const choices = options.map((/** @type {Record<string, string>} */ option) =>
    React.createElement("option", { key: option.value, value: option.value }, option.label),
  );
  return React.createElement(
    "select",
    {
      ...getAttributes(props),
      className: "form-select",
      value: value || "",
      onChange: (/** @type {Event & OfElement} */ { target }) =>
        props.setProps({ value: target.value }),
    },
    React.createElement("option", { value: "", disabled: true, hidden: true }, placeholder),
    choices,
  );
}

/** A field that the person owns while typing: only another value is written into it.
 * @param {Record<string, any>} props */
function Input({ value, ...props }) {
  const field = React.useRef(null);
  React.useEffect(() => {
    const wanted = value === undefined || value === null ? "" : value;
    if (field.current.value !== wanted) field.current.value = wanted;
  }, [value]);
  return React.createElement("input", {
    ...getAttributes(props),
    ref: field,
    className: "form-control",
    step: "any",
    onChange: () => props.setProps({ value: field.current.value }),
  });
}

/** A figure as plotly.js draws it, which is here by the time that there is one (charts.js); it
 * follows the room that it has.
 * @param {Record<string, any>} props */
function Graph({ id, className, figure, config }) {
  const place = React.useRef(null);
  React.useEffect(() => {
    if (figure) window.Plotly.react(place.current, { ...figure, config });
  }, [figure]);
  React.useEffect(() => {
    const { current } = place;
    const watch = new ResizeObserver(() => {
      if (current.layout && current.offsetParent) window.Plotly.Plots.resize(current);
    });
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  const room = React.createElement("div", { ref: place, style: { height: "100%" } });
  return React.createElement("div", { id, className }, room);
}

askPersistently();
window.dash_bootstrap_components = { Select, Input };
window.dash_core_components = { Graph };

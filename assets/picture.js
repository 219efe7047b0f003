/* Puts a drawing into a picture that can be sent by itself: above it whose it is and of which day, its title; below
   its source and that figures are simulated. Always in the light colours, twice as fine as a screen. Asks nothing. */
(function (dashboard) {
  "use strict";
  const SCALE = 2;
  const EDGE = 32; // px around everything
  const TYPE = { small: 14, lead: 20 };

  /** Custom properties of one colour scheme; theme.css holds both. @param {boolean} dark @returns {CSSStyleDeclaration} */
  function scheme(dark) {
    const sheet = [...document.styleSheets].find(({ href }) => /\/theme\.css(\?|$)/.test(href || ""));
    const rules = dark ? [...sheet.cssRules].find((rule) => rule.media).cssRules : sheet.cssRules;
    return [...rules].find((rule) => rule.selectorText === ":root").style;
  }
  const colour = (name, dark) => scheme(dark).getPropertyValue("--" + name).trim();

  /** A figure of Plotly in the light colours, whatever it was drawn for. @param {{data: Object[], layout: Object}} drawn
   * @returns {{data: Object[], layout: Object}} a copy */
  function light({ data, layout }) {
    const text = JSON.stringify({ data, layout });
    if (layout.font.color !== colour("ink", true)) return JSON.parse(text);
    const inks = new Map();
    for (const name of scheme(true)) {
      if (!name.startsWith("--on-")) inks.set(colour(name.slice(2), true), colour(name.slice(2), false)); // ink upon a state
    }
    return JSON.parse(text.replace(/#[0-9a-f]{6}/g, (ink) => inks.get(ink) || ink));
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} width @returns {string[]} */
  function lines(pen, text, width) {
    const found = [];
    for (const word of text.split(" ")) {
      const longer = found.length ? found[found.length - 1] + " " + word : word;
      if (found.length && pen.measureText(longer).width <= width) found[found.length - 1] = longer;
      else found.push(word);
    }
    return found;
  }

  /** @param {string} address @returns {Promise<HTMLImageElement>} */
  function loaded(address) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Error("drawing not readable"));
      image.src = address;
    });
  }

  /** One picture as a PNG.
   * @param {{above: string, title: string, below: string[], drawing: string, width: number, height: number}} what
   *   `drawing`: address of an image, its size in px @returns {Promise<Blob>} */
  async function made({ above, title, below, drawing, width, height }) {
    const image = await loaded(drawing);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const type = (size, weight) => `${weight} ${size}px ${colour("sans")}`;
    const rows = [];
    let y = EDGE;
    const tell = (text, size, weight, ink) => {
      pen.font = type(size, weight);
      for (const line of lines(pen, text, width)) {
        y += size * 1.4;
        rows.push([line, y - size * 0.3, type(size, weight), ink]);
      }
    };
    tell(above, TYPE.small, 400, "second-ink");
    if (title) tell(title, TYPE.lead, 600, "ink");
    const top = (y += EDGE / 4);
    y += height + EDGE / 4;
    for (const line of below.filter(Boolean)) tell(line, TYPE.small, 400, "second-ink");
    canvas.width = SCALE * (width + 2 * EDGE);
    canvas.height = SCALE * (y + EDGE);
    pen.scale(SCALE, SCALE);
    pen.fillStyle = colour("paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, EDGE, top, width, height);
    for (const [line, at, font, ink] of rows) {
      pen.font = font;
      pen.fillStyle = colour(ink);
      pen.fillText(line, EDGE, at);
    }
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  /** Whose, of which day: what the page says above its figures. @param {string} subject
   * @param {string} told how old conditions are, where the source does not say how old its figures are @returns {string} */
  function above(subject, told) {
    const { province_name: province, as_of: day } = dashboard.state;
    const shown = `ngày ${day.split("-").reverse().join("/")}`;
    return [subject, province, shown, told && "điều kiện " + told].filter(Boolean).join(" · ");
  }

  /** What a file is called: title, commune or province, day. @param {string} title @returns {string} */
  function name(title) {
    const place = (location.pathname.match(/\d{5}$/) || [dashboard.state.province])[0];
    return `${dashboard.plain(title)}_${place}_${dashboard.state.as_of}`;
  }

  /** Where a picture is from. @param {string} source who told the figures @returns {string[]} */
  function origin(source) {
    const notice = document.querySelector(".notice");
    return [(source ? `Nguồn: ${source} · ` : "") + location.host + location.pathname, notice ? notice.textContent : ""];
  }

  /** Draws, saves, and says on the button where that failed. @param {HTMLElement} button @param {string} name
   * @param {function(): Promise<Object>} what */
  async function save(button, name, what) {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      dashboard.saveFile(await made(await what()), name + ".png");
      button.firstChild.nodeValue = "Tải ảnh";
    } catch (problem) {
      button.firstChild.nodeValue = "Chưa tải được ảnh";
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  dashboard.picture = { light, colour, above, name, origin, save, scale: SCALE };
})(window.dashboard);

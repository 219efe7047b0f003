/* Says in the bar who is signed in, with the way to one's account: a cookie without any right tells
   the name, so that pages are the same for everybody. Asks nothing. */
import { locatePath } from "./base_path.js";
import { createElement } from "./elements.js";

const NAME = /(?:^|; )dashboard_account=([^;]+)/;

/** Puts the link behind the pages of the bar; nothing where nobody is signed in. */
export function showAccount() {
  const name = NAME.exec(document.cookie);
  const pages = document.querySelector(".bar nav");
  if (!name || !pages || pages.querySelector(".account")) return;
  const title = "Tài khoản đang đăng nhập";
  const href = locatePath("/tai-khoan");
  pages.append(createElement("a", { class: "account", href, title }, name[1]));
}

"use strict";
(async () => {
  const box = document.getElementById("check");
  const say = (kind, lines) => {
    box.className = "check " + kind;
    box.replaceChildren();
    lines.forEach((line, index) => {
      const element = document.createElement("div");
      element.textContent = (index ? "• " : "") + line;
      box.append(element);
    });
  };
  if (!window.crypto || !window.crypto.subtle) {
    say("", ["Trình duyệt này không tự kiểm được. Hãy mở tệp bằng bản mới của Chrome, Edge, Firefox hoặc Safari."]);
    return;
  }
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (text) => hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const wrong = [];
  const found = [];
  let content = null;
  for (const element of document.querySelectorAll("script[data-sha256]")) {
    try {
      const text = JSON.parse(element.textContent);
      const sha256 = await digest(text);
      found.push([element.dataset.name, sha256]);
      if (sha256 !== element.dataset.sha256) {
        wrong.push(element.dataset.name + ": mã tính được " + sha256 + " không khớp mã đã ghi " + element.dataset.sha256);
      } else if (element.id === "content") {
        content = JSON.parse(text);
      }
    } catch (error) {
      wrong.push(element.dataset.name + ": không đọc được");
    }
  }
  const at = (path) => path.split(".").reduce((value, key) => (value === undefined ? value : value[key]), content);
  const shown = (element) => element.textContent;
  if (content) {
    for (const element of document.querySelectorAll("[data-path]")) {
      if (shown(element) !== String(at(element.dataset.path))) {
        wrong.push("chữ trên trang không khớp dữ liệu: “" + shown(element).slice(0, 80) + "”");
      }
    }
    for (const table of document.querySelectorAll("[data-rows]")) {
      const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map(shown));
      if (JSON.stringify(rows) !== JSON.stringify(at(table.dataset.rows))) {
        wrong.push("danh sách trên trang không khớp dữ liệu: “" + shown(table.caption) + "”");
      }
    }
    const expected = content.figures.length;
    if (document.querySelectorAll("[data-figure]").length !== expected) {
      wrong.push("số lượng số liệu trên trang không khớp dữ liệu");
    }
  } else if (!wrong.length) {
    wrong.push("không có dữ liệu để kiểm");
  }
  if (wrong.length) {
    say("is-wrong", ["Không khớp: tệp này đã bị thay đổi sau khi xuất.", ...wrong]);
  } else {
    say("is-right", [
      "Khớp: nội dung trên trang đúng với dữ liệu kèm theo và mã SHA-256 của dữ liệu.",
      "Để chắc rằng đây là dữ liệu của văn bản đã phát hành, hãy nhập dưới đây mã in ở chân văn bản.",
    ]);
  }
  const input = document.getElementById("paper");
  const answer = document.getElementById("answer");
  input.disabled = false;
  input.addEventListener("input", () => {
    const typed = input.value.toLowerCase().replace(/[^0-9a-f]/g, "");
    if (typed.length < 8) {
      answer.textContent = typed ? "Cần ít nhất 8 ký tự của mã." : "";
      return;
    }
    const hit = found.find(([, sha256]) => sha256.startsWith(typed));
    answer.textContent = hit
      ? "Khớp: đây là mã của " + hit[0] + "."
      : "Không khớp: mã này không phải của dữ liệu nào trong tệp.";
  });
})();

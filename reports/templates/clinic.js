(function () {
  "use strict";
  var form = document.querySelector(".controls");
  if (!form) return;
  var find = document.getElementById("find");
  var site = document.getElementById("site");
  var group = document.getElementById("group");
  var sortBy = document.getElementById("sort");
  var shown = document.getElementById("shown");
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }
  function plain(text) {
    return text.normalize("NFKC").toLowerCase();
  }
  var tables = all("table.patients").map(function (table) {
    var rows = all("tbody tr", table).map(function (row, place) {
      var words = all("th, td", row).map(function (cell) { return cell.textContent; }).join(" ");
      return { row: row, place: place, words: plain(words), marks: row.dataset.marks.split(" "),
        sites: row.dataset.sites.split(" "), group: row.dataset.group || "" };
    });
    return { table: table, body: table.tBodies[0], rows: rows, heads: all("thead th", table) };
  });

  function show() {
    var wanted = plain(find.value).split(/\s+/).filter(Boolean);
    var marks = all("input[name=mark]:checked", form).map(function (box) { return box.value; });
    var n = 0;
    tables.forEach(function (one) {
      var here = 0;
      one.rows.forEach(function (entry) {
        var fits = wanted.every(function (word) { return entry.words.indexOf(word) >= 0; }) &&
          marks.every(function (mark) { return entry.marks.indexOf(mark) >= 0; }) &&
          (!site.value || entry.sites.indexOf(site.value) >= 0) &&
          (!group || !group.value || entry.group === group.value);
        entry.row.hidden = !fits;
        if (fits) here += 1;
      });
      one.table.parentElement.hidden = here === 0;
      n += here;
    });
    var total = Number(shown.dataset.total);
    var patients = total === 1 ? "1 patient" : total + " patients";
    shown.textContent = n === total ? patients : n + " of " + patients;
  }

  function sortedOn(entry, column, kind) {
    var cell = entry.row.children[column];
    var text = "sort" in cell.dataset ? cell.dataset.sort : cell.textContent;
    return kind === "number" ? Number(text) : text;
  }

  // Rows without a value come last whichever way the others run; rows alike stay in the order of the list.
  function sortTable(one, column, way) {
    var kind = one.heads[column].dataset.kind;
    one.heads.forEach(function (head, place) {
      head.setAttribute("aria-sort", place === column ? way : "none");
    });
    var turn = way === "descending" ? -1 : 1;
    var ordered = one.rows.map(function (entry) { return { entry: entry, key: sortedOn(entry, column, kind) }; });
    ordered.sort(function (a, b) {
      if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "") || a.entry.place - b.entry.place;
      var differs = kind === "number" ? a.key - b.key : collator.compare(a.key, b.key);
      return turn * differs || a.entry.place - b.entry.place;
    });
    ordered.forEach(function (found) { one.body.appendChild(found.entry.row); });
  }

  function listOrder() {
    tables.forEach(function (one) {
      one.heads.forEach(function (head) { head.setAttribute("aria-sort", "none"); });
      one.rows.forEach(function (entry) { one.body.appendChild(entry.row); });
    });
  }

  tables.forEach(function (one, number) {
    one.heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var first = head.dataset.kind === "number" ? "descending" : "ascending";
        var other = first === "ascending" ? "descending" : "ascending";
        sortTable(one, column, head.getAttribute("aria-sort") === first ? other : first);
        sortBy.value = "";
      });
      if (number > 0) return;
      ["ascending", "descending"].forEach(function (way) {
        var option = document.createElement("option");
        option.value = column + " " + way;
        option.textContent = button.textContent + (way === "ascending" ? ", up" : ", down");
        sortBy.appendChild(option);
      });
    });
  });

  sortBy.addEventListener("change", function () {
    if (!sortBy.value) return listOrder();
    var chosen = sortBy.value.split(" ");
    tables.forEach(function (one) { sortTable(one, Number(chosen[0]), chosen[1]); });
  });
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = document.querySelector(".patients tbody tr:not([hidden]) a");
    if (first) first.focus();
  });
  form.addEventListener("reset", function () {
    window.setTimeout(function () { listOrder(); show(); }, 0);
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      find.focus();
      find.select();
    } else if (event.key === "Escape" && event.target === find) {
      find.value = "";
      show();
    }
  });
  form.hidden = false;
  show();
})();

(function () {
  "use strict";
  // Steps the foot map through the visits and speaks each bone; all words come with the data.
  var root = document.getElementById("foot-map");
  if (!root) return;
  var data = {{ foot_map }};
  var own = JSON.parse(document.getElementById("fm-data").textContent);
  var said = document.getElementById("fm-said");
  var steps = root.querySelector(".fm-steps");
  var hatched = ["gn"];
  function each(selector, change) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), change);
  }
  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (whole, name) { return values[name]; });
  }
  function speak(step, found, place) {
    var look = found ? found[0] : "gn";
    var values = {
      when: step.when, site: place, modality: found && found[2] || step.modality, amount: data.amounts[look],
      state: data.looks[look] + (found && found[1] ? ", " + found[1] : "")
    };
    var plain = { gn: "plain_not_examined", g0: "plain_absent" }[look] || "plain";
    var clinician = fill(data.words[found ? "clinician" : "unrecorded"], values);
    return clinician.charAt(0).toUpperCase() + clinician.slice(1) + " " + fill(data.words[plain], values);
  }
  function show(at) {
    var step = own.steps[at];
    each(".fm use", function (bone) {
      var found = step.states[bone.siteAt];
      bone.setAttribute("class", (found || hatched)[0]);
      bone.lastChild.textContent = speak(step, found, bone.place);
    });
    each("text[data-site]", function (mark) {
      var found = step.states[own.sites.indexOf(mark.getAttribute("data-site"))] || hatched;
      mark.setAttribute("class", found[0] + (mark.isSmall ? " fm-s" : ""));
      mark.textContent = data.marks[found[0]];
    });
    document.getElementById("fm-summary").textContent = step.summary;
  }
  each(".fm use", function (bone) {
    var id = bone.getAttribute("href").slice(1), side = bone.parentNode.getAttribute("data-side");
    var code = data.codes[id.slice(2)], name = document.getElementById(id).firstChild.textContent;
    var isSided = side !== "midline";
    bone.siteAt = own.sites.indexOf(isSided ? code + "-" + side : code);
    bone.place = isSided ? fill(data.words.sided, { side: side, place: name }) : name;
    if (!bone.lastChild) bone.appendChild(document.createElementNS(bone.namespaceURI, "title"));
    ["pointerenter", "click"].forEach(function (kind) {
      bone.addEventListener(kind, function () { said.textContent = bone.lastChild.textContent; });
    });
  });
  each("text[data-site]", function (mark) { mark.isSmall = mark.classList.contains("fm-s"); });
  steps.hidden = false;
  steps.addEventListener("change", function (event) { show(event.target.value); });
  show(steps.querySelector(":checked").value);
})();

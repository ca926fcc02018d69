// Pictures on a page: sign, take a photo, cut a portrait to its frame. What is sent is judged by the server; without
// this script files are still sent, and a portrait is cut from its middle.
(function () {
  "use strict";

  function open(file, then) {
    var reader = new FileReader();
    reader.onload = function () {
      var image = new Image();
      image.onload = function () { then(image); };
      image.onerror = function () { then(null); };
      image.src = reader.result;
    };
    reader.readAsDataURL(file);
  }

  function small(source, width, height, longest, type) {
    var scale = Math.min(1, longest / Math.max(width, height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL(type, 0.9);
  }

  // Camera: buttons that open it and take the picture; `take` gets the running video.
  function camera(box, take) {
    var live = box.querySelector("[data-live]"), video = box.querySelector("[data-video]");
    var start = box.querySelector("[data-open]"), shoot = box.querySelector("[data-shoot]");
    var said = box.querySelector("[data-said]");
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) { return; }
    live.hidden = false;
    start.addEventListener("click", function () {
      navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1440 } } }).then(function (stream) {
        video.srcObject = stream;
        video.hidden = false;
        shoot.hidden = false;
        start.hidden = true;
        return video.play().then(function () { shoot.focus(); });
      }).catch(function () { said.textContent = said.dataset.noCamera; });
    });
    shoot.addEventListener("click", function () {
      take(video);
      video.srcObject.getTracks().forEach(function (track) { track.stop(); });
      video.hidden = true;
      shoot.hidden = true;
      start.hidden = false;
      start.focus();
    });
  }

  document.querySelectorAll("[data-camera]").forEach(function (box) {
    var answer = box.querySelector("[data-picture]"), preview = box.querySelector("[data-preview]");
    var file = box.querySelector("[data-file]");
    function show(address) { answer.value = address; preview.src = address; preview.hidden = false; }
    camera(box, function (video) {
      file.value = "";
      show(small(video, video.videoWidth, video.videoHeight, 800, "image/jpeg"));
    });
    file.addEventListener("change", function () {
      if (!file.files.length) { return; }
      open(file.files[0], function (image) {
        if (!image) { return; } // sent as it is: the server says what is wrong with it
        show(small(image, image.naturalWidth, image.naturalHeight, 800, "image/jpeg"));
        file.value = "";
      });
    });
  });

  document.querySelectorAll("[data-signature]").forEach(function (box) {
    var answer = box.querySelector("[data-picture]"), pad = box.querySelector("[data-pad]");
    var file = box.querySelector("[data-file]"), pen = pad.getContext("2d"), drawing = false;
    box.querySelector("[data-live]").hidden = false;
    function clear() {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, pad.width, pad.height);
      answer.value = "";
    }
    function at(event) {
      var place = pad.getBoundingClientRect();
      return [(event.clientX - place.left) * pad.width / place.width, (event.clientY - place.top) * pad.height / place.height];
    }
    function begin(event) {
      drawing = true;
      pad.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.lineWidth = 4;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#000";
      pen.moveTo.apply(pen, at(event));
      event.preventDefault();
    }
    function move(event) {
      if (!drawing) { return; }
      pen.lineTo.apply(pen, at(event));
      pen.stroke();
    }
    function end() {
      if (!drawing) { return; }
      drawing = false;
      answer.value = pad.toDataURL("image/png");
      file.value = "";
    }
    var before = answer.value;
    clear();
    if (before) {
      var image = new Image();
      image.onload = function () { pen.drawImage(image, 0, 0, pad.width, pad.height); answer.value = before; };
      image.src = before;
    }
    pad.addEventListener("pointerdown", begin);
    pad.addEventListener("pointermove", move);
    pad.addEventListener("pointerup", end);
    pad.addEventListener("pointercancel", end);
    box.querySelector("[data-clear]").addEventListener("click", clear);
    file.addEventListener("change", function () { if (file.files.length) { clear(); } });
  });

  // A portrait is moved and enlarged behind a frame of the card's shape; only the frame's place is sent.
  document.querySelectorAll("[data-portrait]").forEach(function (box) {
    var frame = box.querySelector("[data-frame]"), pen = frame.getContext("2d"), file = box.querySelector("[data-file]");
    var crop = box.querySelector("[data-crop]"), zoom = box.querySelector("[data-zoom]"), said = box.querySelector("[data-said]");
    var image = null, left = 0, top = 0, width = 0, widest = 0;
    function high() { return width * frame.height / frame.width; }
    function draw() {
      width = Math.min(widest, Math.max(frame.width, width));
      left = Math.min(image.naturalWidth - width, Math.max(0, left));
      top = Math.min(image.naturalHeight - high(), Math.max(0, top));
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, frame.width, frame.height);
      pen.drawImage(image, left, top, width, high(), 0, 0, frame.width, frame.height);
      pen.setLineDash([6, 5]);
      pen.strokeStyle = "#0b5394";
      pen.beginPath(); // where the head should be
      pen.ellipse(frame.width / 2, frame.height * 0.42, frame.width * 0.27, frame.height * 0.3, 0, 0, 7);
      pen.stroke();
      pen.setLineDash([]);
      var across = Math.floor(width), down = Math.min(Math.round(across * frame.height / frame.width), image.naturalHeight);
      crop.value = [Math.floor(left), Math.min(Math.floor(top), image.naturalHeight - down), across, down].join(",");
      zoom.value = widest > frame.width ? Math.round(100 * (widest - width) / (widest - frame.width)) : 0;
    }
    function enlarge(by) {
      var x = left + width / 2, y = top + high() / 2;
      width = Math.min(widest, Math.max(frame.width, width * by));
      left = x - width / 2;
      top = y - high() / 2;
      draw();
    }
    function take(picture) {
      crop.value = "";
      box.querySelector("[data-stage]").hidden = true;
      said.textContent = "";
      if (!picture) { return; }
      widest = Math.min(picture.naturalWidth, Math.floor(picture.naturalHeight * frame.width / frame.height));
      if (widest < frame.width) { said.textContent = said.dataset.small; return; }
      image = picture;
      width = widest;
      left = (image.naturalWidth - width) / 2;
      top = (image.naturalHeight - high()) / 2;
      box.querySelector("[data-stage]").hidden = false;
      draw();
    }
    file.addEventListener("change", function () { if (file.files.length) { open(file.files[0], take); } });
    zoom.addEventListener("input", function () {
      enlarge((widest - (widest - frame.width) * zoom.value / 100) / width);
    });
    frame.addEventListener("keydown", function (event) {
      var step = width * (event.shiftKey ? 0.1 : 0.02);
      var moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (moves[event.key]) { left += moves[event.key][0]; top += moves[event.key][1]; draw(); }
      else if (event.key === "+" || event.key === "=") { enlarge(0.95); }
      else if (event.key === "-") { enlarge(1 / 0.95); }
      else { return; }
      event.preventDefault();
    });
    frame.addEventListener("pointerdown", function (event) { frame.setPointerCapture(event.pointerId); frame.focus(); });
    frame.addEventListener("pointermove", function (event) {
      if (!frame.hasPointerCapture(event.pointerId)) { return; }
      var scale = width / frame.getBoundingClientRect().width;
      left -= event.movementX * scale;
      top -= event.movementY * scale;
      draw();
    });
    camera(box, function (video) {
      var canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob(function (blob) {
        var carrier = new DataTransfer();
        carrier.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
        file.files = carrier.files;
        open(blob, take);
      }, "image/jpeg", 0.95);
    });
  });
})();

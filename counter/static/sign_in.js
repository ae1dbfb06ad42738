// Small comforts of the sign-in form; it works without them.
const password = document.getElementById("password");
const show = document.getElementById("show-password");
const caps = document.getElementById("caps-lock");

show.hidden = false;
show.addEventListener("click", () => {
  const hidden = password.type === "password";
  password.type = hidden ? "text" : "password";
  show.setAttribute("aria-pressed", String(hidden));
  password.focus();
});

for (const moment of ["keydown", "keyup"]) {
  password.addEventListener(moment, (event) => {
    caps.hidden = !event.getModifierState?.("CapsLock");
  });
}

for (const sample of document.querySelectorAll(".door-sample")) {
  sample.addEventListener("click", () => {
    document.getElementById("name").value = sample.dataset.name;
    password.value = sample.dataset.password;
    password.form.requestSubmit();
  });
}

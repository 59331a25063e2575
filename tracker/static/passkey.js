// Joins the scripts of flask-security (handleRegister, handleSignin) to the form of templates/security/_passkey.html:
// asks the browser for a passkey and sends what it says.

const passkey = document.getElementById("passkey");

const ask = async () => {
  const handle = passkey.dataset.what === "add" ? handleRegister : handleSignin;
  const { credential } = await handle(passkey.dataset.options).catch(() => ({}));
  if (credential) {
    passkey.elements.credential.value = credential;
    passkey.submit();
  } else {
    passkey.querySelector("[data-waiting]").hidden = true;
    passkey.querySelector("[data-failed]").hidden = false;
  }
};

if (passkey) ask();

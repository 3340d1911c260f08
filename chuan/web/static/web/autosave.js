/* A form that is saved by itself while somebody writes; without this file its button saves.
   The server answers a sentence that stands beside the button. What was typed is never taken away. */
(function () {
  'use strict'

  const form = document.querySelector('form[data-autosave]')
  if (!form) return
  const note = form.querySelector('[data-autosave-note]')
  const QUIET = 20000
  const LONGEST = 30000
  const AGAIN = 15000
  const GROUP = 'fieldset, .card, .money-row'
  // Under this many characters a request outlives its page.
  const OUTLIVES = 60000

  let saved = 'autosaveDirty' in form.dataset ? '' : content()
  // What is stored in full: of "saved", the server may have left out a field that was half typed.
  let whole = saved
  let timer = 0
  let since = 0
  let running = null
  // A save without an answer may have been stored: until there is one, the same is sent, which the server knows again.
  let pending = null
  // "conflict", "refused": only the button goes on; "ended": the session is over; "sent": the page is left.
  let stopped = ''

  function content () {
    const data = new FormData(form)
    ;['csrfmiddlewaretoken', '_key', '_acting', 'version'].forEach(function (name) { data.delete(name) })
    return new URLSearchParams(data).toString()
  }

  function say (words, bad) {
    note.textContent = words
    note.classList.toggle('late-words', bad)
  }

  function later (wait) {
    window.clearTimeout(timer)
    timer = window.setTimeout(save, wait)
  }

  function touched () {
    if (pending) return
    const now = Date.now()
    since = since || now
    later(Math.max(0, Math.min(QUIET, since + LONGEST - now)))
  }

  function save () {
    if (running || stopped || !(pending || content() !== saved)) return
    window.clearTimeout(timer)
    const again = Boolean(pending)
    pending = pending || { sent: content(), body: new URLSearchParams(new FormData(form)) }
    const { sent, body } = pending
    body.set('auto', '1')
    body.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value)
    const keepalive = body.toString().length < OUTLIVES
    const signal = AbortSignal.timeout ? AbortSignal.timeout(QUIET) : undefined
    const asked = fetch(form.action, { method: 'POST', body, keepalive, signal, redirect: 'manual' })
    running = asked.then(function (answer) { return heard(answer, sent, again) }).catch(failed).finally(function () {
      running = null
    })
  }

  function heard (answer, sent, again) {
    if (answer.type === 'opaqueredirect' || answer.status === 403) {
      stopped = 'ended'
      say(form.dataset.autosaveEnded, true)
      return
    }
    if (answer.status >= 500) throw new Error(answer.status)
    if (!answer.ok && answer.status !== 409 && answer.status !== 422) {
      pending = null
      stopped = 'refused'
      say(form.dataset.autosaveRefused, true)
      return
    }
    return answer.json().then(function (told) {
      pending = null
      since = 0
      say(told.said, !answer.ok || Boolean(told.partly))
      if (answer.status === 409) stopped = 'conflict'
      if (!answer.ok) return
      form.elements.version.value = told.version
      saved = sent
      if (!told.partly) whole = sent
      if (content() === saved) return
      if (again) later(0)
      else touched()
    })
  }

  function failed () {
    say(form.dataset.autosaveFailed, true)
    later(AGAIN)
  }

  // Somebody signed in again in another window: the page's token is of the session before. Who else it was saves
  // nothing here: it would be under the wrong name.
  function renew () {
    return fetch(form.dataset.autosave).then(function (answer) {
      return answer.redirected || !answer.ok ? '' : answer.text()
    }).then(function (text) {
      const page = new DOMParser().parseFromString(text, 'text/html')
      const token = page.querySelector('form[data-autosave] [name=csrfmiddlewaretoken]')
      if (!token) return
      if (page.querySelector('form[data-autosave] [name=_acting]').value !== form.elements._acting.value) {
        say(form.dataset.autosaveOther, true)
        return
      }
      document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(function (field) { field.value = token.value })
      stopped = ''
      save()
    }).catch(function () {})
  }

  form.addEventListener('input', touched)
  form.addEventListener('change', touched)
  form.addEventListener('focusout', function (event) {
    const group = event.target.closest(GROUP) || event.target
    if (!group.contains(event.relatedTarget)) save()
  })
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) save()
  })
  window.addEventListener('focus', function () {
    if (stopped === 'ended') renew()
  })
  window.addEventListener('beforeunload', function (event) {
    if (stopped !== 'sent' && (stopped || note.classList.contains('late-words')) && content() !== whole) {
      event.preventDefault()
    }
  })
  form.addEventListener('submit', function (event) {
    if (stopped === 'ended') {
      event.preventDefault()
      renew()
    } else if (running || pending) {
      // The button's own save would find a newer version: ours.
      event.preventDefault()
      save()
      running.then(function () {
        if (!pending) form.requestSubmit(event.submitter)
      })
    } else {
      window.clearTimeout(timer)
      stopped = 'sent'
    }
  })
  if (content() !== saved) touched()
})()

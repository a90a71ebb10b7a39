-- Bodies for POST /v1/experiences/events, or with no elements for POST /v1/experiences/fetch, written in place: a thread
-- renders a few whole HTTP requests once, and then only overwrites the uuids and the customers' numbers in one of them.
-- That keeps wrk's share of the machine small and the same for every endpoint.
--
--   wrk … -s requests.lua URL -- <elements> <actions> <workspace> <authorization>

local ffi, bit = require("ffi"), require("bit")
local customers, templates = 10000, 24
local variants, current, state = {}, 0, ffi.new("uint32_t[4]")
local hex = ffi.new("uint32_t[65536]")

local contexts = {}
for index = 0, 11 do
  local experience, variation = math.floor(index / 3), index % 3 + 1
  local audience = ({ "5A", "7B", "42D" })[index % 3 + 1]
  contexts[index + 1] = string.format(
    '{"cid":"66d55ae445921e4d35ae4%03x_F_T_WP_AB_%d_P_0_AU_%s","experience":"%s","moe_locale_id":"0",' ..
    '"moe_variation_id":"%d","audience_name":"%s","audience_id":"%s","type":"Web Personalization"}',
    0x368 + experience, variation, audience,
    ({ "Home page hero", "Spring offer banner", "Checkout reassurance", "Search ranking" })[experience + 1],
    variation, ({ "Returning visitors", "New visitors", "All users" })[index % 3 + 1], audience)
end

-- xorshift128: LuaJIT turns it into a dozen machine instructions.
local function random()
  local t = state[3]
  t = bit.bxor(t, bit.lshift(t, 11))
  t = bit.bxor(t, bit.rshift(t, 8))
  state[3], state[2], state[1] = state[2], state[1], state[0]
  local s = bit.tobit(state[0])
  t = bit.bxor(t, s, bit.rshift(s, 19))
  state[0] = t
  return t
end

local function variant(path, workspace, authorization, body, uuids, users)
  local head = string.format(
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nMOE-APPKEY: %s\r\n" ..
    "Authorization: %s\r\nContent-Length: %d\r\n\r\n", path, workspace, authorization, #body)
  local text = head .. body
  local made = {
    bytes = ffi.new("uint8_t[?]", #text), length = #text,
    uuids = ffi.new("int32_t[?]", #uuids), events = #uuids,
    users = ffi.new("int32_t[?]", #users), elements = #users }
  ffi.copy(made.bytes, text, #text)
  for index = 1, #uuids do made.uuids[index - 1] = #head + uuids[index] end
  for index = 1, #users do made.users[index - 1] = #head + users[index] end
  return made
end

local function render(elements, actions, workspace, authorization, path)
  local body, uuids, users = {}, {}, {}
  local length = 0
  local function put(text)
    body[#body + 1] = text
    length = length + #text
  end

  if elements == 0 then
    put('{"identifiers":{"customer_id":"customer-')
    users[#users + 1] = length
    put(string.format('0000"},"experience_key":["load-experience-%d"],"utm_medium":"email"}', random() % 5))
    return variant(path, workspace, authorization, table.concat(body), uuids, users)
  end

  local now = os.time()
  put('{"elements":[')
  for element = 1, elements do
    put(element > 1 and ',{"customer_id":"customer-' or '{"customer_id":"customer-')
    users[#users + 1] = length
    put('0000","user_timezone_offset":19800,"actions":[')
    for action = 1, actions do
      put(action > 1 and ',{"action":"' or '{"action":"')
      put(random() % 10 == 0 and "MOE_PERSONALIZATION_MESSAGE_CLICKED" or "MOE_PERSONALIZATION_MESSAGE_SHOWN")
      put('","moe_event_uuid":"')
      uuids[#uuids + 1] = length
      put(string.format('00000000-0000-0000-0000-000000000000","event_time":%d,"platform":"%s","attributes":',
        now - random() % 600, ({ "web", "android", "ios" })[random() % 3 + 1]))
      put(contexts[random() % #contexts + 1])
      put("}")
    end
    put("]}")
  end
  put("]}")

  return variant(path, workspace, authorization, table.concat(body), uuids, users)
end

function init(args)
  local source = assert(io.open("/dev/urandom", "rb"))
  ffi.copy(state, source:read(16), 16)
  source:close()
  for value = 0, 65535 do
    local text = string.format("%04x", value)
    hex[value] = ffi.cast("const uint32_t *", text)[0]
  end
  for index = 1, templates do
    variants[index] = render(tonumber(args[1]), tonumber(args[2]), args[3], args[4], wrk.path)
  end
end

local function word(target, offset, value)
  ffi.cast("uint32_t *", target + offset)[0] = hex[value]
end

local function uuid(target)
  local a, b, c, d = random(), random(), random(), random()
  word(target, 0, bit.band(a, 0xffff))
  word(target, 4, bit.rshift(a, 16))
  word(target, 9, bit.band(b, 0xffff))
  word(target, 14, bit.bor(bit.band(bit.rshift(b, 16), 0x0fff), 0x4000))
  word(target, 19, bit.bor(bit.band(c, 0x3fff), 0x8000))
  word(target, 24, bit.rshift(c, 16))
  word(target, 28, bit.band(d, 0xffff))
  word(target, 32, bit.rshift(d, 16))
end

function request()
  current = current % templates + 1
  local variant = variants[current]
  local bytes = variant.bytes
  for index = 0, variant.events - 1 do
    uuid(bytes + variant.uuids[index])
  end
  for index = 0, variant.elements - 1 do
    local number = bit.band(random(), 0x7fffffff) % customers
    local at = bytes + variant.users[index]
    at[0] = 48 + math.floor(number / 1000)
    at[1] = 48 + math.floor(number / 100) % 10
    at[2] = 48 + math.floor(number / 10) % 10
    at[3] = 48 + number % 10
  end
  return ffi.string(bytes, variant.length)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %d\n",
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
  for index = 1, #latency do
    io.write(string.format("latency %d %d\n", latency(index)))
  end
end

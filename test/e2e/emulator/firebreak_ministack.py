"""MiniStack, with the AWS behaviour restored that firebreak's end-to-end tests rest on.

Run by test/e2e/global-setup.ts. MiniStack is pinned in requirements.txt; this file replaces private functions of
that version, and refuses to start, naming them, when one is gone. Each section says what AWS does, what MiniStack
does instead, and is proven by a test beside this file. docs/emulator.md tells the story.

Environment (besides MiniStack's own):
  FIREBREAK_EMULATOR_SPEED           how many times faster than real the emulated clock runs (default 1)
  FIREBREAK_EMULATOR_ORIGIN_SECONDS  epoch seconds at which the emulated and the real clock agree (default: start)
The others are emulated seconds:
  FIREBREAK_EMULATOR_SAMPLE_SECONDS      between two samples of queue depths and concurrency (default 15)
  FIREBREAK_EMULATOR_METRIC_LAG_SECONDS  until a measured datapoint can be read (default 60)
  FIREBREAK_EMULATOR_TRANSITION_SECONDS  that a mapping is Disabling or Enabling (default 15)
  FIREBREAK_EMULATOR_BACKOFF_SECONDS     that a mapping pauses after a failed batch (default 1)
"""

import functools
import json
import os
import sys
import threading
import time

real_time = time.time
PINNED = "1.5.33"


def setting(name, default):
    return float(os.environ.get(f"FIREBREAK_EMULATOR_{name}", default))


# -- 1. Clock -------------------------------------------------------------------------------------------------
# A retry loop takes minutes to unfold and CloudWatch counts in minutes; a test has seconds. Every instant of the
# emulator (visibility timeouts, retention, metric timestamps, long polls) comes from time.time, so it is replaced
# before MiniStack is imported. Function code runs at real speed: its Duration, measured by this clock, is longer.

SPEED = setting("SPEED", 1)
ORIGIN = setting("ORIGIN_SECONDS", real_time())
time.time = lambda: ORIGIN + (real_time() - ORIGIN) * SPEED


def wait(emulated_seconds):
    time.sleep(emulated_seconds / SPEED)


from importlib.metadata import version  # noqa: E402

from ministack.core import lambda_runtime as runtime, responses as scope  # noqa: E402
from ministack.services import cloudwatch as cw, dynamodb, eventbridge, lambda_svc as lam, scheduler, sns, sqs, stepfunctions  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402

# -- 2. Pinned names ------------------------------------------------------------------------------------------

NAMES = {
    cw: "_alarms _calc_stats _cbor_datapoint _cbor_metric_data_result _cbor_ok _dims_from_list _dims_key "
    "_dispatch_alarm_actions _error _evaluate_alarm _evaluate_all_alarms _get_metric_data _get_metric_statistics "
    "_json_ok _metric_bucket _metrics _parse_ts _record_history _stat_value _ts_iso",
    lam: "_ESM_BACKOFF_SECONDS _ESM_SQS_DEFAULT_CONCURRENCY _acquire_execution_slot _emit_lambda_metrics _esms "
    "_ACCOUNT_CONCURRENCY_CAP _execute_function_dispatch _functions _inflight _reserved_concurrency _sqs_esm_concurrency _update_esm "
    "_esm_wake error_response_json",
    eventbridge: "_invoke_target",
    scheduler: "_SCHEDULE_TICK_INTERVAL",
    stepfunctions: "now_iso",
    runtime: "Worker _collect _signal",
    runtime.Worker: "_spawn invoke",
    scope: "get_account_id get_region new_uuid request_scope",
    sns: "_deliver_to_sqs",
    sqs: "_Err _HANDLERS _collect_msgs _delete_messages_for_esm _dlq_sweep _ensure_msg_fields _expire_retained "
    "_get_q _queue_by_arn _queues _queues_lock _refresh_counts",
    dynamodb: "_update_ttl",
    provisioners: "_RESOURCE_HANDLERS",
}
QUEUE_ACTIONS = (
    "SendMessage SendMessageBatch DeleteMessage DeleteMessageBatch ChangeMessageVisibility "
    "ChangeMessageVisibilityBatch PurgeQueue GetQueueAttributes"
).split()
RESOURCE_TYPES = ("AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::CloudWatch::Alarm")


def refuse_unless_pinned():
    found = version("ministack")
    gone = [f"{module.__name__}.{name}" for module, names in NAMES.items() for name in names.split() if not hasattr(module, name)]
    gone += [f"sqs action {action}" for action in QUEUE_ACTIONS if action not in sqs._HANDLERS]
    gone += [f"resource {kind}" for kind in RESOURCE_TYPES if kind not in provisioners._RESOURCE_HANDLERS]
    if found != PINNED or gone:
        sys.exit(
            f"firebreak's emulator is written for ministack {PINNED}, this is {found}; "
            f"missing here: {', '.join(gone) or 'nothing'}. Install test/e2e/emulator/requirements.txt, or adapt this file."
        )


refuse_unless_pinned()


def replace(module, name):
    """Decorator: the function takes the place of module.name, and gets the original as its first argument."""

    def put(function):
        original = getattr(module, name)

        @functools.wraps(function)
        def run(*args, **kwargs):
            return function(original, *args, **kwargs)

        setattr(module, name, run)
        return function

    return put


# -- 3. Queues are changed under one lock ----------------------------------------------------------------------
# MiniStack changes a queue's list of messages from the request thread and from the pollers' threads; a message
# sent between one's read and the other's write vanishes. "Every message is accounted for" needs that it does not.

queue_lock = sqs._queues_lock = threading.RLock()


def locked(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        with queue_lock:
            return function(*args, **kwargs)

    return run


for action in QUEUE_ACTIONS:
    sqs._HANDLERS[action] = locked(sqs._HANDLERS[action])
for name in ("_dlq_sweep", "_collect_msgs", "_expire_retained", "_refresh_counts"):
    setattr(sqs, name, locked(getattr(sqs, name)))
sns._deliver_to_sqs = locked(sns._deliver_to_sqs)


# -- 4. CloudWatch: publishing ---------------------------------------------------------------------------------
# AWS publishes late. A datapoint that was measured here can be read only METRIC_LAG emulated seconds after it was
# complete; one that a test wrote with PutMetricData can be read at once, whatever its timestamp.

METRIC_LAG = setting("METRIC_LAG_SECONDS", 60)


def publish(namespace, metric, value, dimensions, unit="Count", at=None):
    now = time.time()
    cw._metric_bucket((namespace, metric, cw._dims_key(dimensions))).append(
        {
            "Timestamp": now if at is None else at,
            "Value": float(value),
            "Unit": unit,
            "Dimensions": dimensions,
            "ReadableAt": now + METRIC_LAG,
        }
    )


# -- 5. CloudWatch: reading ------------------------------------------------------------------------------------
# AWS: a query means exactly its set of dimensions; GetMetricData answers newest first unless told otherwise, takes
# at most 500 queries, and pages at MaxDatapoints. MiniStack: no dimensions means all of them summed, always oldest
# first, no limit, no pages. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html

QUERIES_MAX = 500
DATAPOINTS_MAX = 100_800


def periods(metric, start, end, period):
    """(start of period, datapoints in it), oldest first, of one metric."""
    key = (metric.get("Namespace"), metric.get("MetricName"), cw._dims_key(cw._dims_from_list(metric.get("Dimensions") or [])))
    now, found = time.time(), {}
    for point in list(cw._metrics.get(key) or []):
        at = int(point["Timestamp"] // period) * period
        if start // 60 * 60 <= point["Timestamp"] < end and point.get("ReadableAt", 0) <= now:
            found.setdefault(at, []).append(point)
    return sorted(found.items())


@replace(cw, "_get_metric_data")
def get_metric_data(_original, _params, request, is_cbor, is_json=False):
    if not (is_cbor or is_json):
        return cw._error("InvalidAction", "the Query protocol of GetMetricData is not emulated", 400)
    queries = request.get("MetricDataQueries") or []
    if len(queries) > QUERIES_MAX:
        text = f"The collection MetricDataQueries must not have a size greater than {QUERIES_MAX}."
        return cw._error("ValidationException", text, 400, use_json=is_json, use_cbor=is_cbor)
    start, end = cw._parse_ts(request.get("StartTime")), cw._parse_ts(request.get("EndTime"))
    points = []  # (index of query, period start, value), in the order in which pages hand them out
    for index, query in enumerate(queries):
        stat = query.get("MetricStat")
        if stat is None:
            continue
        series = periods(stat["Metric"], start, end, int(stat.get("Period", 60)))
        if request.get("ScanBy") != "TimestampAscending":
            series.reverse()
        values = [(at, cw._stat_value(cw._calc_stats(found), stat["Stat"], found)) for at, found in series]
        points += [(index, at, value) for at, value in values if value is not None]
    first = int(request.get("NextToken") or 0)
    last = first + min(int(request.get("MaxDatapoints") or DATAPOINTS_MAX), DATAPOINTS_MAX)
    page = points[first:last]
    answer = {"MetricDataResults": [metric_data_result(query, index, page, last < len(points)) for index, query in enumerate(queries)]}
    if last < len(points):
        answer["NextToken"] = str(last)
    if is_json:
        return cw._json_ok(answer)
    return cw._cbor_ok({**answer, "MetricDataResults": [cw._cbor_metric_data_result(r) for r in answer["MetricDataResults"]]})


def metric_data_result(query, index, page, more):
    mine = [(at, value) for i, at, value in page if i == index]
    result = {
        "Id": query["Id"],
        "Label": query.get("Label") or (query.get("MetricStat") or {}).get("Metric", {}).get("MetricName", query["Id"]),
        "Timestamps": [cw._ts_iso(at) for at, _ in mine],
        "Values": [value for _, value in mine],
        "StatusCode": "PartialData" if more and page and index == page[-1][0] else "Complete",
    }
    if "Expression" in query:
        text = "metric math, SEARCH and Metrics Insights are not emulated"
        result.update(StatusCode="InternalError", Messages=[{"Code": "Unsupported", "Value": text}])
    return result


@replace(cw, "_get_metric_statistics")
def get_metric_statistics(_original, _params, request, is_cbor, is_json=False):
    if not (is_cbor or is_json):
        return cw._error("InvalidAction", "the Query protocol of GetMetricStatistics is not emulated", 400)
    start, end = cw._parse_ts(request.get("StartTime")), cw._parse_ts(request.get("EndTime"))
    datapoints = []
    for at, points in periods(request, start, end, int(request["Period"])):
        stats = cw._calc_stats(points)
        datapoint = {"Timestamp": cw._ts_iso(at), "Unit": points[0]["Unit"]}
        datapoint.update({name: stats[name] for name in request.get("Statistics") or [] if name in stats})
        extended = {name: cw._stat_value(stats, name, points) for name in request.get("ExtendedStatistics") or []}
        datapoints.append({**datapoint, **({"ExtendedStatistics": extended} if extended else {})})
    if is_json:
        return cw._json_ok({"Label": request.get("MetricName"), "Datapoints": datapoints})
    return cw._cbor_ok({"Label": request.get("MetricName"), "Datapoints": [cw._cbor_datapoint(d) for d in datapoints]})


# -- 6. Alarms -------------------------------------------------------------------------------------------------
# AWS evaluates each alarm on its own dimensions, every period, and has rules for missing data. MiniStack pools all
# dimensions, evaluates only when somebody calls PutMetricData, and never leaves a state for lack of data.

OPERATORS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
WITHOUT_DATA = {"notBreaching": "OK", "breaching": "ALARM"}


@replace(cw, "_evaluate_alarm")
def evaluate_alarm(_original, alarm):
    if not alarm.get("Namespace") or alarm.get("ComparisonOperator") not in OPERATORS:
        return
    now, old = time.time(), alarm["StateValue"]
    span = int(alarm.get("Period") or 60) * int(alarm.get("EvaluationPeriods") or 1)
    points = [point for _, found in periods(alarm, now - span, now, 60) for point in found]
    if points:
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        value = cw._stat_value(cw._calc_stats(points), statistic, points)
        new = "ALARM" if OPERATORS[alarm["ComparisonOperator"]](value, alarm["Threshold"]) else "OK"
        reason = f"Threshold Crossed: {statistic} {value} {alarm['ComparisonOperator']} {alarm['Threshold']}"
    else:
        treat = alarm.get("TreatMissingData")
        new, reason = (old if treat == "ignore" else WITHOUT_DATA.get(treat, "INSUFFICIENT_DATA")), "no datapoints were received"
    if new == old:
        return
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
    cw._record_history(alarm["AlarmName"], old, new, reason)
    cw._dispatch_alarm_actions(alarm, old, new, reason)


# -- 7. AWS/Lambda metrics -------------------------------------------------------------------------------------
# AWS measures every invocation, stamps it with its start and publishes it after its end; a throttle is neither an
# invocation nor an error; Duration leaves the cold start out; each metric exists per function and, without
# dimensions, for the Region. MiniStack measures only the Invoke API, stamps the end, counts a throttle as an
# invocation too, and has no concurrency.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html


def lambda_metric(function_name, metric, value, unit="Count", at=None):
    for dimensions in ({"FunctionName": function_name}, {}):
        publish("AWS/Lambda", metric, value, dimensions, unit, at)


def concurrency_metrics(account, region):
    running = {key.split(":", 2)[2]: n for key, n in list(lam._inflight.items()) if key.startswith(f"{account}:{region}:")}
    for function_name, n in running.items():
        publish("AWS/Lambda", "ConcurrentExecutions", n, {"FunctionName": function_name})
    if running:
        publish("AWS/Lambda", "ConcurrentExecutions", sum(running.values()), {})


lam._emit_lambda_metrics = lambda *_args, **_kwargs: None


# Reserved concurrency is a share of its own; all other functions share what is left of the account's limit. MiniStack
# lets them use all of it, and turns away a function with a reservation once they did.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html


def is_pool_exhausted(func, config):
    if lam._reserved_concurrency(func, config) is not None:
        return False
    reserved = {}
    for name in list(lam._functions.keys()):
        share = lam._reserved_concurrency(lam._functions[name], {})
        if share is not None:
            reserved[name] = share
    prefix = f"{scope.get_account_id()}:{scope.get_region()}:"
    running = {key[len(prefix):]: n for key, n in list(lam._inflight.items()) if key.startswith(prefix)}
    unreserved = sum(n for name, n in running.items() if name not in reserved)
    return unreserved >= lam._ACCOUNT_CONCURRENCY_CAP - sum(reserved.values())


@replace(lam, "_acquire_execution_slot")
def acquire_execution_slot(original, func, config):
    key, limit = (None, "account") if is_pool_exhausted(func, config) else original(func, config)
    if key is None:
        lambda_metric(config["FunctionName"], "Throttles", 1)
    else:
        concurrency_metrics(scope.get_account_id(), scope.get_region())
    return key, limit


# Per thread: the invocation that it runs, and the process that it ends.
environment = threading.local()


@replace(runtime.Worker, "_spawn")
def spawn(original, self):
    began = time.time()
    original(self)
    environment.init_seconds = time.time() - began


@replace(lam, "_execute_function_dispatch")
def execute_function_dispatch(original, func, config, event, request_id, started):
    environment.init_seconds = 0
    result = original(func, config, event, request_id, started)
    name = config["FunctionName"]
    lambda_metric(name, "Invocations", 1, at=started)
    lambda_metric(name, "Errors", 1 if result.get("error") else 0, at=started)
    lambda_metric(name, "Throttles", 0, at=started)
    seconds = time.time() - started - environment.init_seconds
    lambda_metric(name, "Duration", seconds * 1000, "Milliseconds", at=started)
    return result


# The function timeout is enforced in real seconds; by the emulated clock it has to be shorter. And AWS keeps an
# execution environment whose handler threw, where MiniStack ends the process: a loop would be all cold starts.

signal_process, collect_process = runtime._signal, runtime._collect


def signal_later(process):
    if getattr(environment, "deferred", False):
        environment.process = process
    else:
        signal_process(process)


def collect_later(process, deadline):
    if not getattr(environment, "deferred", False):
        collect_process(process, deadline)


runtime._signal, runtime._collect = signal_later, collect_later


@replace(runtime.Worker, "invoke")
def worker_invoke(original, self, *args, **kwargs):
    configured = self.config
    timeout_seconds = configured.get("Timeout", 3)
    variables = dict((configured.get("Environment") or {}).get("Variables") or {})
    if "NODE_OPTIONS" in variables:  # the function's own, and what gives it the emulated clock
        variables["NODE_OPTIONS"] += " " + os.environ.get("NODE_OPTIONS", "")
    self.config = {**configured, "Timeout": timeout_seconds / SPEED, "Environment": {"Variables": variables}}
    environment.deferred, environment.process = True, None
    try:
        result = original(self, *args, **kwargs)
    finally:
        self.config = configured
        environment.deferred = False
    if str(result.get("error", "")).startswith("Task timed out after"):
        result["error"] = f"Task timed out after {timeout_seconds}.00 seconds"
        signal_process(environment.process)
        collect_process(environment.process, time.monotonic() + 1)
    elif environment.process is not None and self._proc is None:
        self._proc = environment.process
    return result


# -- 8. Event source mappings ----------------------------------------------------------------------------------
# AWS: pollers know nothing of reserved concurrency, so a function at 0 has its messages received, throttled and
# finally moved to the dead-letter queue; a mapping is Disabling or Enabling for a while, and cannot be updated
# meanwhile. MiniStack: polls only as much as the reservation allows, and changes state at once.
# https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html

lam._ESM_BACKOFF_SECONDS = setting("BACKOFF_SECONDS", 1)
TRANSITION_SECONDS = setting("TRANSITION_SECONDS", 15)
ON_THE_WAY = {"Enabled": "Enabling", "Disabled": "Disabling"}


@replace(lam, "_sqs_esm_concurrency")
def sqs_esm_concurrency(_original, esm, _func, _config, queue=None):
    if (queue or {}).get("is_fifo"):
        return 1
    return (esm.get("ScalingConfig") or {}).get("MaximumConcurrency") or lam._ESM_SQS_DEFAULT_CONCURRENCY


def settle(esm, state):
    wait(TRANSITION_SECONDS)
    esm["State"] = state


def wake_pollers():
    """MiniStack looks for messages whose visibility timeout ran out once a real second, which is too seldom."""
    while True:
        wait(3)
        lam._esm_wake.set()


@replace(lam, "_update_esm")
def update_esm(original, esm_id, data):
    esm = lam._esms.get(esm_id)
    if esm and esm["State"] in ON_THE_WAY.values():
        text = "Cannot update the event source mapping because it is in use."
        return lam.error_response_json("ResourceInUseException", text, 400)
    was = esm and esm["State"]
    answer = original(esm_id, data)
    state = esm and esm["State"]
    if state == was or answer[0] >= 400:
        return answer
    esm["State"] = ON_THE_WAY[state]
    threading.Thread(target=settle, args=(esm, state), daemon=True).start()
    return answer[0], answer[1], json.dumps({**json.loads(answer[2]), "State": esm["State"]}).encode()


# -- 9. AWS/SQS metrics ----------------------------------------------------------------------------------------
# AWS counts messages sent, received and deleted, and samples the depths every minute; MiniStack has none of it. A
# queue that is in use publishes zeros too (it counts as in use for 6 hours after any call, longer than a test runs).
# ApproximateAgeOfOldestMessage leaves out messages that were received three times or more on a standard queue.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html

POISON_RECEIVES = 3


def queue_metric(queue, metric, value):
    publish("AWS/SQS", metric, value, {"QueueName": queue["name"]}, "Seconds" if "Age" in metric else "Count")


def counted(handler, metric):
    def run(data, url):
        answer = handler(data, url)
        n = len(answer.get("Successful", [])) if "Entries" in data else 1
        if n:
            queue_metric(sqs._get_q(data.get("QueueUrl") or url), metric, n)
        return answer

    return run


for action, metric in (("SendMessage", "NumberOfMessagesSent"), ("DeleteMessage", "NumberOfMessagesDeleted")):
    for name in (action, f"{action}Batch"):
        sqs._HANDLERS[name] = counted(sqs._HANDLERS[name], metric)


@replace(sqs, "_collect_msgs")
def collect_messages(original, queue, max_number, visibility_timeout):
    messages = original(queue, max_number, visibility_timeout)
    if messages:
        queue_metric(queue, "NumberOfMessagesReceived", len(messages))
    return messages


@replace(sqs, "_delete_messages_for_esm")
def delete_messages_for_esm(original, queue_url, receipt_handles):
    original(queue_url, receipt_handles)
    if receipt_handles:
        queue_metric(sqs._get_q(queue_url), "NumberOfMessagesDeleted", len(receipt_handles))


def sample_queue(queue):
    with queue_lock:
        sqs._dlq_sweep(queue)
        sqs._refresh_counts(queue)
        attributes, messages = dict(queue["attributes"]), list(queue["messages"])
    for metric, suffix in (("Visible", ""), ("NotVisible", "NotVisible"), ("Delayed", "Delayed")):
        queue_metric(queue, f"ApproximateNumberOfMessages{metric}", attributes[f"ApproximateNumberOfMessages{suffix}"])
    for metric in ("Sent", "Received", "Deleted"):
        queue_metric(queue, f"NumberOfMessages{metric}", 0)
    ages = [time.time() - m["sent_at"] for m in messages if queue["is_fifo"] or m["receive_count"] < POISON_RECEIVES]
    queue_metric(queue, "ApproximateAgeOfOldestMessage", max(ages, default=0))


def sample_everything():
    interval = setting("SAMPLE_SECONDS", 15)
    while True:
        wait(interval)
        try:
            for (account, region, _), queue in sqs._queues.all_items():
                with scope.request_scope(account, region):
                    sample_queue(queue)
            for account, region in {tuple(key.split(":", 2)[:2]) for key in list(lam._inflight)}:
                with scope.request_scope(account, region):
                    concurrency_metrics(account, region)
            for account, region in {key[:2] for key, _ in cw._alarms.all_items()}:
                with scope.request_scope(account, region):
                    cw._evaluate_all_alarms()
        except Exception as error:  # the next sample may succeed; silence would look like an idle queue
            print(f"firebreak's emulator could not take a sample: {error!r}", file=sys.stderr, flush=True)


# -- 10. SQS actions that MiniStack lacks ----------------------------------------------------------------------
# Message-move tasks (a dead-letter queue's redrive): moved messages get a new id and enqueue time, the handle is
# told only while a task runs. Here a task is complete at once. GetQueueAttributes without names answers nothing.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html

move_tasks = {}


def sources_of(dead_letter_arn):
    for queue in sqs._queues.values():
        policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
        if policy.get("deadLetterTargetArn") == dead_letter_arn:
            yield queue


@locked
def start_message_move_task(data, _url):
    source_arn, destination_arn = data["SourceArn"], data.get("DestinationArn")
    source, sources = sqs._queue_by_arn(source_arn), list(sources_of(source_arn))
    if source is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.")
    if not sources:
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    destination = sqs._queue_by_arn(destination_arn) if destination_arn else None
    if destination_arn and destination is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified for the DestinationArn parameter doesn't exist.")
    now, messages, source["messages"] = time.time(), source["messages"], []
    for message in messages:
        sqs._ensure_msg_fields(message)
        target = destination or sqs._queue_by_arn(message["sys"].get("DeadLetterQueueSourceArn", "")) or sources[0]
        fresh = {"id": scope.new_uuid(), "sent_at": now, "visible_at": now, "receive_count": 0, "receipt_handle": None}
        system = {k: v for k, v in message["sys"].items() if k != "DeadLetterQueueSourceArn"}
        target["messages"].append({**message, **fresh, "first_receive_at": None, "sys": {**system, "SentTimestamp": str(int(now * 1000))}})
    moved = {"ApproximateNumberOfMessagesMoved": len(messages), "ApproximateNumberOfMessagesToMove": len(messages)}
    task = {"Status": "COMPLETED", "SourceArn": source_arn, "StartedTimestamp": int(now * 1000), **moved}
    move_tasks.setdefault(source_arn, []).insert(0, {**task, **({"DestinationArn": destination_arn} if destination_arn else {})})
    return {"TaskHandle": scope.new_uuid()}


def cancel_message_move_task(_data, _url):
    raise sqs._Err("ResourceNotFoundException", "No task is running: here they complete at once.")


def list_message_move_tasks(data, _url):
    return {"Results": move_tasks.get(data["SourceArn"], [])[: int(data.get("MaxResults") or 1)]}


def list_dead_letter_source_queues(data, _url):
    arn = sqs._get_q(data["QueueUrl"])["attributes"]["QueueArn"]
    return {"queueUrls": [queue["url"] for queue in sources_of(arn)]}


sqs._HANDLERS.update(
    StartMessageMoveTask=start_message_move_task,
    CancelMessageMoveTask=cancel_message_move_task,
    ListMessageMoveTasks=list_message_move_tasks,
    ListDeadLetterSourceQueues=list_dead_letter_source_queues,
)
all_queue_attributes = sqs._HANDLERS["GetQueueAttributes"]
sqs._HANDLERS["GetQueueAttributes"] = lambda data, url: all_queue_attributes(data, url) if data.get("AttributeNames") else {}


# -- 11. CloudFormation ----------------------------------------------------------------------------------------
# Properties that MiniStack drops: a function's ReservedConcurrentExecutions, a table's TimeToLiveSpecification.
# An alarm on metric math is refused by MiniStack; here it exists, and never fires.


def after(kind, operation, apply):
    """Runs apply(physical id, properties) after a resource was created or updated."""
    handler = provisioners._RESOURCE_HANDLERS[kind]
    original = handler[operation]

    @functools.wraps(original)
    def run(*args, **kwargs):
        made = original(*args, **kwargs)
        apply(made[0], args[1] if operation == "create" else args[2])
        return made

    handler[operation] = run


def reserve_concurrency(name, properties):
    reserved = properties.get("ReservedConcurrentExecutions")
    lam._functions[name]["concurrency"] = None if reserved is None else int(reserved)


def set_time_to_live(name, properties):
    if properties.get("TimeToLiveSpecification"):
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": properties["TimeToLiveSpecification"]})


for operation in ("create", "update"):
    after("AWS::Lambda::Function", operation, reserve_concurrency)
    after("AWS::DynamoDB::Table", operation, set_time_to_live)

create_alarm = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"]


def create_alarm_or_placeholder(logical_id, properties, stack_name):
    if properties.get("Metrics"):
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        properties = {**plain, "Namespace": "firebreak/not-emulated", "MetricName": "math", "Period": 60, "Statistic": "Sum"}
    return create_alarm(logical_id, properties, stack_name)


provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"] = create_alarm_or_placeholder


# -- 12. EventBridge Scheduler ---------------------------------------------------------------------------------
# AWS fills context attributes into a target's input; MiniStack does not, and looks every 10 real seconds what is due.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html

scheduler._SCHEDULE_TICK_INTERVAL = 10 / SPEED


@replace(eventbridge, "_invoke_target")
def invoke_target(original, target, event, rule):
    if "<aws.scheduler.scheduled-time>" in (target.get("Input") or ""):
        at = cw._ts_iso(event["Time"])
        target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", at)}
    return original(target, event, rule)


# -- 13. Step Functions ---------------------------------------------------------------------------------------
# Executions start by the emulated clock, as everything does. A task's TimeoutSeconds count real ones here: what a state
# machine calls works at real speed.

stepfunctions.now_iso = lambda: cw._ts_iso(time.time())


# -- 14. Start and stop ----------------------------------------------------------------------------------------


def end_with_parent():
    """A test run that is killed takes its emulator along."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    from ministack.app import main

    for task in (sample_everything, wake_pollers, end_with_parent):
        threading.Thread(target=task, daemon=True).start()
    main()

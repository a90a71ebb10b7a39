using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private readonly Dictionary<string, Slice> _kept = new(StringComparer.Ordinal);

    /// <summary>Turns the drafts into what is stored and what is refused.</summary>
    private void Settle(bool lenient)
    {
        Request.ReceivedEvents = _actions.Count;
        if (_errors.Count == 0)
        {
            foreach (var element in _elements)
            {
                Store(in element);
            }

            return;
        }

        // What stands against the list of elements itself no leniency can pass over.
        if (!lenient || _errors.Exists(static error => error.Element < 0))
        {
            Request.Refusal = _errors[0].Code;
        }

        var nextError = 0;
        foreach (var element in _elements)
        {
            SettleBroken(in element, lenient && Request.Refusal == RejectionReason.None, ref nextError);
        }

        if (Request.Refusal != RejectionReason.None)
        {
            Request.Contexts.Clear();
        }
    }

    private void Store(in ElementDraft element)
    {
        var first = Request.Events.Count;
        for (var index = 0; index < element.ActionCount; index++)
        {
            Request.Events.Add(_actions[element.FirstAction + index].Event);
        }

        Request.Elements.Add(new RequestElement(
            element.Index, element.CustomerId, element.TimezoneOffset, element.UserAttributes, first, element.ActionCount));
    }

    private void SettleBroken(in ElementDraft element, bool keepGood, ref int nextError)
    {
        var first = Request.Events.Count;
        for (var index = 0; index < element.ActionCount; index++)
        {
            var draft = _actions[element.FirstAction + index];
            if (keepGood && draft.Good && element.Error < 0)
            {
                Request.Events.Add(draft.Event);
                continue;
            }

            var error = element.Error >= 0 ? element.Error : draft.Good ? -1 : ErrorOf(element.Index, draft.Event.Index, ref nextError);
            if (error < 0)
            {
                Request.Rejections.Add(
                    new EventRejection(element.Index, draft.Event.Index, RejectionReason.RefusedWithRequest, draft.Uuid, default, default, OfElement: false));
                continue;
            }

            Request.Rejections.Add(new EventRejection(
                element.Index,
                draft.Event.Index,
                _errors[error].Code,
                draft.Uuid,
                Keep(_errors[error].Field),
                Keep(_errors[error].Reason),
                _errors[error].Action < 0));
        }

        if (Request.Events.Count > first)
        {
            Request.Elements.Add(new RequestElement(
                element.Index, element.CustomerId, element.TimezoneOffset, element.UserAttributes, first, Request.Events.Count - first));
        }
    }

    /// <summary>The first error of an action. Errors and actions are in the same order, so the search never turns back.</summary>
    private int ErrorOf(int element, int action, ref int next)
    {
        while (_errors[next].Element != element || _errors[next].Action != action)
        {
            next++;
        }

        return next;
    }

    /// <summary>Appends a text to the source, once: equal texts have equal slices.</summary>
    private Slice Keep(string text)
    {
        if (!_kept.TryGetValue(text, out var slice))
        {
            var start = Source.Length;
            Source.WriteRaw(Encoding.UTF8.GetBytes(text));
            _kept.Add(text, slice = new Slice(start, Source.Length - start));
        }

        return slice;
    }
}

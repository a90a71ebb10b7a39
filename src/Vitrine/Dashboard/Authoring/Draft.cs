using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Hosting;

namespace Vitrine.Dashboard.Authoring;

/// <summary>An experience while somebody writes it: the JSON document, and what is wrong where.</summary>
/// <remarks>
/// Fields say by JSON pointers (RFC 6901) which part of the document they are, which is how refusals say what they are
/// about, too: a field shows what is wrong with it without knowing any rule. Belongs to one page.
/// </remarks>
public sealed class Draft(JsonObject document)
{
    private ILookup<string, string> _errors = Array.Empty<string>().ToLookup(static path => path);

    /// <summary>Raised after something was changed.</summary>
    public event Action? Changed;

    /// <summary>The document.</summary>
    public JsonObject Document { get; } = document;

    /// <summary>Whether something was changed.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>How many things are wrong.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>What is wrong with a part of the document.</summary>
    public IEnumerable<string> ErrorsOf(string path) => _errors[path];

    /// <summary>What is wrong with the parts below one.</summary>
    public IEnumerable<(string Path, string Reason)> ErrorsBelow(string path) => _errors
        .Where(errors => errors.Key.StartsWith(path + "/", StringComparison.Ordinal))
        .SelectMany(static errors => errors.Select(reason => (errors.Key, reason)));

    /// <summary>Notes what is wrong with which part.</summary>
    public void Judge(IReadOnlyList<ApiFieldError> errors)
    {
        ErrorCount = errors.Count;
        _errors = errors.ToLookup(static error => error.Path, static error => error.Reason);
    }

    /// <summary>A part; null when it is not there.</summary>
    public JsonNode? Find(string path)
    {
        JsonNode? node = Document;
        foreach (var step in Steps(path))
        {
            node = node switch
            {
                JsonObject parts => parts[step],
                JsonArray items when int.TryParse(step, out var place) && place < items.Count => items[place],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>A part as text: empty when it is not there.</summary>
    public string Text(string path) => Find(path) switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>Sets a part; null takes it away.</summary>
    public void Set(string path, JsonNode? value)
    {
        var slash = path.LastIndexOf('/');
        var (parent, name) = (Find(path[..slash]), Unescape(path[(slash + 1)..]));
        if (parent is JsonArray items && int.TryParse(name, out var place))
        {
            items[place] = value;
        }
        else if (parent is JsonObject parts && value is null)
        {
            parts.Remove(name);
        }
        else if (parent is JsonObject known)
        {
            known[name] = value;
        }

        Touch();
    }

    /// <summary>Adds an item to a list, which is made where it is not there.</summary>
    public void Add(string path, JsonNode item)
    {
        if (Find(path) is not JsonArray items)
        {
            items = [];
            Set(path, items);
        }

        items.Add(item);
        Touch();
    }

    /// <summary>Takes an item out of a list.</summary>
    public void Remove(string path, int place)
    {
        (Find(path) as JsonArray)?.RemoveAt(place);
        Touch();
    }

    /// <summary>Puts an item of a list one place up.</summary>
    public void MoveUp(string path, int place)
    {
        if (Find(path) is JsonArray items && place > 0)
        {
            var item = items[place];
            items.RemoveAt(place);
            items.Insert(place - 1, item);
            Touch();
        }
    }

    /// <summary>A name as a step of a JSON pointer.</summary>
    public static string Step(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static IEnumerable<string> Steps(string path) => path.Split('/').Skip(1).Select(Unescape);

    private void Touch()
    {
        IsChanged = true;
        Changed?.Invoke();
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary>Reads the file that says where events are forwarded to.</summary>
public static partial class ForwardingFile
{
    private const int MostTargets = 32;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false,
    };

    /// <summary>The targets of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">What an environment variable holds; null when it is not set.</param>
    /// <exception cref="InvalidDataException">It cannot be used; the message names the place, and what would be right.</exception>
    public static IReadOnlyList<ForwardTarget> Read(string path, Func<string, string?> variable)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The file of --forward cannot be read: {fault.Message}", fault);
        }

        return Parse(Path.GetFileName(path), text, variable);
    }

    /// <summary>The targets that a text says.</summary>
    internal static IReadOnlyList<ForwardTarget> Parse(string file, byte[] text, Func<string, string?> variable)
    {
        try
        {
            using var document = JsonDocument.Parse(text.AsMemory(text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), Lenient);
            var root = new TargetFields(file, document.RootElement, variable);
            var targets = root.Objects("targets", MostTargets).Select(Target).ToList();
            root.RefuseOthers();
            return targets.GroupBy(static one => one.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static group => group.Count() > 1) is { } twice
                ? throw new InvalidDataException($"{file}: two targets have the name '{twice.Key}'; give each a name of its own.")
                : targets;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                fault.LineNumber is { } line ? $"{file}: this is no JSON: line {line + 1}, byte {fault.BytePositionInLine + 1}." : $"{file}: a field stands there twice; name each once.", fault);
        }
    }

    private static ForwardTarget Target(TargetFields fields)
    {
        var kind = fields.Text("kind");
        ForwardTarget target = kind switch
        {
            "moengage" => MoEngage(fields),
            "webhook" => Webhook(fields),
            "nats" => Nats(fields),
            "kafka" => Kafka(fields),
            _ => throw fields.Wrong("kind", "is moengage, webhook, nats or kafka"),
        };
        fields.RefuseOthers();
        return target;
    }

    private static MoEngageTarget MoEngage(TargetFields fields)
    {
        var url = fields.Address("url");
        var key = fields.Text("key");
        return new MoEngageTarget
        {
            Name = Name(fields), Environment = Environment(fields), FromBeginning = FromBeginning(fields), Lanes = Lanes(fields), Hold = Hold(fields),
            Url = url,
            DataUrl = fields.Has("data_url") ? fields.Address("data_url") : url,
            Workspace = fields.Optional("workspace") is not { } workspace ? Environment(fields) : TargetName().IsMatch(workspace) ? workspace : throw fields.Wrong("workspace", "is 1–64 letters, digits, '_' or '-'"),
            Key = key,
            DataKey = fields.Optional("data_key") ?? key,
            Compare = fields.Flag("compare"),
        };
    }

    private static WebhookTarget Webhook(TargetFields fields) => new()
    {
        Name = Name(fields), Environment = Environment(fields), FromBeginning = FromBeginning(fields), Lanes = Lanes(fields), Hold = Hold(fields),
        Url = fields.Address("url", withQuery: true),
        Secret = fields.Text("secret") is { Length: >= 16 } secret ? secret : throw fields.Wrong("secret", "has at least 16 characters"),
    };

    private static NatsTarget Nats(TargetFields fields)
    {
        var target = new NatsTarget
        {
            Name = Name(fields), Environment = Environment(fields), FromBeginning = FromBeginning(fields), Lanes = Lanes(fields), Hold = Hold(fields),
            Url = fields.Text("url"),
            Subject = fields.Text("subject"),
            User = fields.Optional("user"),
            Password = fields.Optional("password"),
            Token = fields.Optional("token"),
            CredentialsFile = fields.Optional("credentials"),
            AuthorityFile = fields.Optional("ca"),
        };
        if (target.Url.Split(',').Any(static url => !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.UserInfo.Length > 0))
        {
            throw fields.Wrong("url", "is one or more addresses such as nats://127.0.0.1:4222, separated by commas; who signs in is said by user and password, token or credentials");
        }

        if (!Subject().IsMatch(target.Subject))
        {
            throw fields.Wrong("subject", "is a subject without wildcards or spaces, such as vitrine.{environment}.{action}");
        }

        foreach (var (name, file) in new[] { ("credentials", target.CredentialsFile), ("ca", target.AuthorityFile) })
        {
            if (file is not null && !File.Exists(file))
            {
                throw fields.Wrong(name, "is a file that is there");
            }
        }

        if (new[] { target.User, target.Token, target.CredentialsFile }.Count(static one => one is not null) > 1)
        {
            throw fields.Wrong("token", "is one of three ways to sign in; give user and password, a token, or credentials");
        }

        return (target.User is null) != (target.Password is null) ? throw fields.Wrong("password", "is given with a user, and a user with it") : target;
    }

    private static KafkaTarget Kafka(TargetFields fields)
    {
        var settings = fields.Map("settings");
        var target = new KafkaTarget
        {
            Name = Name(fields), Environment = Environment(fields), FromBeginning = FromBeginning(fields), Lanes = Lanes(fields), Hold = Hold(fields),
            Brokers = fields.Text("brokers"),
            Topic = fields.Text("topic") is var topic && Topic().IsMatch(topic) ? topic : throw fields.Wrong("topic", "is 1–249 letters, digits, '.', '_' or '-'"),
            Settings = settings.Keys.FirstOrDefault(KafkaSettings.IsOurs) is { } ours
                ? throw fields.Wrong("settings." + ours, "is what Vitrine sets itself, so that nothing is lost or put out of order; leave it out")
                : settings,
        };
        return KafkaChannel.WhyNot(target) is { } wrong ? throw fields.Wrong(wrong.Length == 0 ? "settings" : "settings." + wrong, "is not what librdkafka takes; its CONFIGURATION.md lists the settings and their values") : target;
    }

    private static string Name(TargetFields fields) =>
        fields.Text("name") is var name && TargetName().IsMatch(name) ? name : throw fields.Wrong("name", "is 1–64 letters, digits, '_' or '-'");

    private static string Environment(TargetFields fields)
    {
        var id = fields.Text("environment");
        var workspace = id.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal) ? id[..^WorkspaceEnvironment.TestSuffix.Length] : id;
        return WorkspaceRules.WhyNotId(workspace) is null ? id : throw fields.Wrong("environment", "is the id of a workspace, with the suffix _DEBUG for its test environment");
    }

    private static bool FromBeginning(TargetFields fields) => fields.Optional("from") switch
    {
        null or "now" => false,
        "beginning" => true,
        _ => throw fields.Wrong("from", "is now or beginning"),
    };

    private static int Lanes(TargetFields fields) => fields.Number("lanes", 1, 32) ?? 4;

    private static TimeSpan Hold(TargetFields fields) => TimeSpan.FromDays(fields.Number("hold_days", 1, 3_650) ?? 30);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex TargetName();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,249}\z")]
    private static partial Regex Topic();

    [GeneratedRegex(@"\A([A-Za-z0-9_-]|\{environment\}|\{action\})+(\.([A-Za-z0-9_-]|\{environment\}|\{action\})+)*\z")]
    private static partial Regex Subject();
}

using System.Collections.Concurrent;
using System.Text;
using NodaTime;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Templates;
using Vitrine.Journal;
using Vitrine.Projection.Lookups;

namespace Vitrine.Decisions;

/// <summary>What a request to fetch experiences said, and the room in which it is decided. Rented and returned, so that a request in steady state allocates none of it.</summary>
/// <remarks>For one thread at a time. Its parts are valid until it is returned.</remarks>
internal sealed class FetchRequest
{
    private const int KeptBufferLength = 64 * 1024;
    private const int KeptRequests = 256;
    private static readonly ConcurrentQueue<FetchRequest> Pool = new();

    private readonly List<(int Start, int Length)> _keys = [];

    private TemplateData? _templateData;

    private FetchRequest() => Behaviours = new CustomerBehaviours(Customer);

    /// <summary>What templates can read; made when the first one asks.</summary>
    public TemplateData TemplateData => _templateData ??= new TemplateData(
        Profile.Written.ToArray(),
        RequestAttributes.Of(Source.Written),
        CustomerId.Length == 0 ? null : Encoding.UTF8.GetString(CustomerId.Written),
        DateTimeOffset.FromUnixTimeMilliseconds(Circumstances.Now),
        DateTimeZone.Utc);

    /// <summary>The body.</summary>
    public ByteWriter Source { get; } = new();

    /// <summary>What is asked of what is stored, and what was told.</summary>
    public CustomerQuestion Customer { get; } = new();

    /// <summary>The customer id in UTF-8; empty when there is none.</summary>
    public ByteWriter CustomerId => Customer.CustomerId;

    /// <summary>Another identifier that the customer may be found by: its name, such as <c>u_em</c>; null when there is none.</summary>
    public string? IdentifierName { get; set; }

    /// <summary>That identifier in UTF-8.</summary>
    public ByteWriter Identifier => Customer.Identifier;

    /// <summary>Whether keys were named; when not, every active experience is meant.</summary>
    public bool NamesKeys { get; set; }

    /// <summary>How many keys were named.</summary>
    public int Keys => _keys.Count;

    /// <summary>The texts of the keys.</summary>
    public ByteWriter KeyText { get; } = new(256);

    /// <summary>A text on its way from the body to where it is kept.</summary>
    public ByteWriter Text { get; } = new(256);

    /// <summary>What conditions are asked about.</summary>
    public Circumstances Circumstances { get; } = new();

    /// <summary>The customer's profile, a JSON object; empty when there is none.</summary>
    public ByteWriter Profile => Customer.Profile;

    /// <summary>What the customer did.</summary>
    public CustomerBehaviours Behaviours { get; }

    /// <summary>Whether the decision needs to know what the user is like or did.</summary>
    public bool AsksAboutUser { get; private set; }

    /// <summary>Whether the decision asks for something that the customer did and that is still being counted.</summary>
    public bool AwaitsCounts => CustomerId.Length > 0 && Customer.AwaitsCounts;

    /// <summary>The answer in the making.</summary>
    public ByteWriter Answer { get; } = new(4096);

    /// <summary>Takes an empty one.</summary>
    public static FetchRequest Rent() => Pool.TryDequeue(out var request) ? request : new FetchRequest();

    /// <summary>Says that an experience is asked for, and so what it asks about the user.</summary>
    /// <param name="experience">The experience.</param>
    /// <param name="names">Of its environment.</param>
    public void AskFor(CompiledExperience experience, EnvironmentNames names)
    {
        if (experience.AsksAboutUser)
        {
            AsksAboutUser = true;
            Behaviours.Ask(experience.BehaviourSlots, names);
        }
    }

    /// <summary>Says that what was appended to <see cref="KeyText"/> from <paramref name="start"/> on is a key.</summary>
    public void NoteKey(int start) => _keys.Add((start, KeyText.Length - start));

    /// <summary>Forgets the keys.</summary>
    public void ClearKeys()
    {
        NamesKeys = false;
        _keys.Clear();
        KeyText.Clear();
    }

    /// <summary>Forgets by what the customer is named.</summary>
    public void ClearIdentifiers()
    {
        CustomerId.Clear();
        Identifier.Clear();
        IdentifierName = null;
    }

    /// <summary>A key that was named.</summary>
    public ReadOnlySpan<byte> KeyAt(int index) => KeyText.Written.Slice(_keys[index].Start, _keys[index].Length);

    /// <summary>Forgets who asked, and nothing else.</summary>
    public void Forget()
    {
        CustomerId.Clear();
        Profile.Clear();
        Behaviours.Clear();
        Circumstances.User.Clear();
        Circumstances.KnowsUser = false;
        _templateData = null;
    }

    /// <summary>Gives it back.</summary>
    public void Return()
    {
        _keys.Clear();
        (IdentifierName, NamesKeys, AsksAboutUser, _templateData) = (null, false, false, null);
        Circumstances.Clear();
        Behaviours.Clear();
        var largest = 0;
        Customer.Clear();
        foreach (var buffer in (ReadOnlySpan<ByteWriter>)[Source, KeyText, Text, Profile, Answer])
        {
            buffer.Clear();
            largest = Math.Max(largest, buffer.Capacity);
        }

        if (largest <= KeptBufferLength && Pool.Count < KeptRequests)
        {
            Pool.Enqueue(this);
        }
    }
}

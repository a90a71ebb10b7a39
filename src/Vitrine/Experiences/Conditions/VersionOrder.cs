using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks how a version stands to another.</summary>
internal sealed class VersionOrder(Order accepted, string version) : Test
{
    private readonly byte[] _version = Encoding.UTF8.GetBytes(version);

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) =>
        value.Kind == AttributeKind.Text && SemanticVersion.TryRead(value.Text, out var one) && SemanticVersion.TryRead(_version, out var other)
            ? Verdicts.Of(accepted.Accepts(one.CompareTo(in other)))
            : Verdict.NotVersion;
}

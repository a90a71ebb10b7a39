using System.Text;
using CsCheck;
using Semver;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>Versions against the package that others use.</summary>
public sealed class SemanticVersionTests
{
    private const SemVersionStyles Lenient = SemVersionStyles.AllowV | SemVersionStyles.OptionalMinorPatch | SemVersionStyles.AllowLeadingZeros;

    private static readonly Gen<string> Number = Gen.OneOf("0", "1", "2", "9", "10", "11", "007", "00", "2026", "99999999999999999999", "100000000000000000000");

    private static readonly Gen<string> Identifier = Gen.OneOf(
        "0", "1", "2", "10", "010", "alpha", "beta", "Beta", "rc", "rc1", "x-y", "-", "--", "0a", "a0", "99999999999999999999", "");

    private static readonly Gen<string> Identifiers = Identifier.Array[1, 4].Select(static parts => string.Join('.', parts));

    /// <summary>Versions, and what is nearly one.</summary>
    private static readonly Gen<string> Version = Gen.Select(
        Gen.OneOf("", "", "v", "V", "vv", " ", "-"),
        Number.Array[0, 4].Select(static parts => string.Join('.', parts)),
        Gen.OneOf(Gen.Const(""), Gen.Const(""), Identifiers.Select(static text => "-" + text)),
        Gen.OneOf(Gen.Const(""), Gen.Const(""), Identifiers.Select(static text => "+" + text)),
        Gen.OneOf("", "", "", "", ".", "_", "é", "+"),
        static (start, core, preRelease, build, end) => start + core + preRelease + build + end);

    [Fact]
    public void They_are_read_and_ordered_as_the_package_does() => Gen.Select(Version, Version).Sample(
        static (one, other) =>
        {
            var isVersion = SemVersion.TryParse(one, Lenient, out var expected);
            SemanticVersion.TryRead(Encoding.UTF8.GetBytes(one), out var actual).ShouldBe(isVersion, one);
            if (isVersion && SemVersion.TryParse(other, Lenient, out var expectedOther))
            {
                SemanticVersion.TryRead(Encoding.UTF8.GetBytes(other), out var actualOther).ShouldBeTrue();
                Math.Sign(actual.CompareTo(in actualOther)).ShouldBe(Math.Sign(expected!.ComparePrecedenceTo(expectedOther!)), $"{one} and {other}");
            }
        },
        iter: 50_000);

    /// <summary>The order that Semantic Versioning 2.0 gives as its example, and a few on its edges.</summary>
    [Fact]
    public void The_published_example_is_in_order()
    {
        string[] ordered =
        [
            "0.9", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2", "1.10", "v2",
        ];
        for (var index = 1; index < ordered.Length; index++)
        {
            SemanticVersion.TryRead(Encoding.UTF8.GetBytes(ordered[index - 1]), out var less).ShouldBeTrue();
            SemanticVersion.TryRead(Encoding.UTF8.GetBytes(ordered[index]), out var more).ShouldBeTrue();
            less.CompareTo(in more).ShouldBeLessThan(0, ordered[index]);
            more.CompareTo(in less).ShouldBeGreaterThan(0, ordered[index]);
        }
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using Vitrine.Hosting;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

/// <summary>Which folder may use which. A new feature adds its line; a new arrow is a decision to be reviewed.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Everybody may use what is under the arrow, nobody anything else of another folder.</summary>
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Hosting"] = ["Cluster", "Experiences", "Forwarding", "Journal", "People", "Privacy", "Projection", "Reports"],
        ["Journal"] = ["Hosting"],
        ["Workspaces"] = ["Hosting"],
        ["Projection"] = ["Journal", "Hosting"],
        ["Events"] = ["Journal", "Projection", "Workspaces", "Hosting"],
        ["Customers"] = ["Journal", "Projection", "Workspaces", "Hosting"],
        ["Goals"] = ["Journal", "Projection", "Workspaces", "Hosting"],
        ["Conversions"] = ["Experiences", "Journal", "Projection", "Hosting"],
        ["Reports"] = ["Conversions", "Experiences", "Journal", "Projection", "Workspaces", "Hosting"],
        ["Experiments"] = ["Conversions", "Experiences", "Journal", "Projection", "Reports", "Statistics", "Workspaces", "Hosting"],
        ["Statistics"] = ["Journal", "Workspaces", "Hosting"],
        ["Experiences"] = ["Workspaces", "Hosting"],
        ["Decisions"] = ["Experiences", "Journal", "Projection", "Workspaces", "Hosting"],
        ["Demo"] = ["Experiences", "Journal", "Workspaces", "Hosting"],
        ["People"] = ["Workspaces", "Hosting"],
        ["Privacy"] = ["Customers", "Journal", "Projection", "Reports", "Workspaces", "Hosting"],
        ["Retention"] = ["Conversions", "Experiences", "Journal", "Projection", "Reports", "Workspaces", "Hosting"],
        ["Forwarding"] = ["Journal", "Projection", "Workspaces", "Hosting"],
        ["Cluster"] = ["Journal", "People", "Projection", "Workspaces", "Hosting"],
        ["WebSdk"] = ["Hosting"],
        ["Dashboard"] = ["Conversions", "Decisions", "Events", "Experiences", "Experiments", "Goals", "Journal", "People", "Privacy", "Projection", "Reports", "Statistics", "WebSdk", "Workspaces", "Hosting"],
        ["Commands"] = ["Cluster", "Customers", "Demo", "Events", "Experiences", "Forwarding", "Goals", "Journal", "People", "Privacy", "Projection", "Reports", "Workspaces", "Hosting"],
    };

    /// <summary>The composition root, which puts all features together.</summary>
    private const string Root = "Server";

    public static TheoryData<string> Folders() => new(Directory.GetDirectories(Source()).Select(Path.GetFileName).OfType<string>()
        .Where(static name => name is not ("bin" or "obj" or "Properties" or "wwwroot")));

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_in_its_source_only_what_it_may(string folder)
    {
        May.ShouldContainKey(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(Source(), folder), "*.cs", SearchOption.AllDirectories))
        {
            if (folder == "Hosting" && Path.GetFileNameWithoutExtension(file) == Root)
            {
                continue;
            }

            Mention().Matches(File.ReadAllText(file)).Select(static match => match.Groups[1].Value)
                .Where(used => used != folder && May.ContainsKey(used))
                .ShouldBeSubsetOf(May[folder], file);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_in_its_types_only_what_it_may(string folder)
    {
        foreach (var type in typeof(Server).Assembly.GetTypes().Where(type => FolderOf(type) == folder && Outermost(type).Name != Root))
        {
            Used(type).Select(FolderOf).OfType<string>().Where(used => used != folder && May.ContainsKey(used))
                .ShouldBeSubsetOf(May[folder], type.FullName);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_file_lies_where_its_namespace_says(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Source(), folder), "*.cs", SearchOption.AllDirectories))
        {
            var expected = "Vitrine." + Path.GetRelativePath(Source(), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            File.ReadAllText(file).ShouldContain($"namespace {expected};", Case.Sensitive, file);
        }
    }

    private static string Source() => Repository.Path("src", "Vitrine");

    private static string? FolderOf(Type type) => type.Namespace is { } name && name.StartsWith("Vitrine.", StringComparison.Ordinal) ? name.Split('.')[1] : null;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>The types of everything a type consists of, local variables included.</summary>
    private static IEnumerable<Type> Used(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)).ToList();
        return new[] { type.BaseType }
            .Concat(type.GetInterfaces())
            .Concat(type.GetFields(all).Select(static field => field.FieldType))
            .Concat(methods.SelectMany(static method => method.GetParameters().Select(static parameter => parameter.ParameterType)))
            .Concat(methods.OfType<MethodInfo>().Select(static method => method.ReturnType))
            .Concat(methods.SelectMany(static method => method.GetMethodBody()?.LocalVariables.Select(static local => local.LocalType) ?? []))
            .OfType<Type>()
            .SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

    [GeneratedRegex(@"\bVitrine\.([A-Z][A-Za-z]+)\b")]
    private static partial Regex Mention();
}

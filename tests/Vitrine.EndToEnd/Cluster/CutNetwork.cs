using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>Machines on one switch, from which each can be cut off. Needs root, on Linux.</summary>
/// <remarks>
/// A machine is a network namespace. It sees the others over a bridge, which has a namespace of its own, so that no firewall
/// of this machine looks at what passes; and the test sees each over a cable that nobody cuts. All lies in namespaces with a
/// number of this network's own, and goes with them.
/// </remarks>
internal sealed class CutNetwork : IDisposable
{
    private const int Attempts = 8;

    private readonly int _number;
    private readonly int _machines;

    private CutNetwork(int number, int machines) => (_number, _machines) = (number, machines);

    private string Switch => Text($"vitrine-{_number}-switch");

    /// <summary>Makes one; skips the test, saying why, where that is not allowed.</summary>
    public static CutNetwork CreateOrSkip(int machines)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Network namespaces need Linux and root.");
        var refusal = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var network = new CutNetwork(RandomNumberGenerator.GetInt32(1, 255), machines);
            refusal = network.Reserve();
            if (refusal is null)
            {
                try
                {
                    network.Build();
                    return network;
                }
                catch (InvalidOperationException fault)
                {
                    refusal = fault.Message;
                    network.Dispose();
                }
            }
        }

        Assert.Skip($"No network namespaces can be made: {refusal}");
        throw new UnreachableException();
    }

    /// <summary>The address at which the other machines reach one.</summary>
    public string AddressOf(int machine) => Text($"10.213.{_number}.{machine + 1}");

    /// <summary>The address at which the test reaches a machine, cut off or not.</summary>
    public string CableOf(int machine) => Text($"10.213.{_number}.{130 + (4 * machine)}");

    /// <summary>The command that runs another one on a machine.</summary>
    public IReadOnlyList<string> On(int machine) => ["ip", "netns", "exec", Namespace(machine)];

    /// <summary>From now on a machine and the others do not see each other; their connections stay, and are silent.</summary>
    public void Cut(int machine) => Do($"-n {Switch} link set port{machine} nomaster");

    /// <summary>They see each other again.</summary>
    public void Heal(int machine) => Do($"-n {Switch} link set port{machine} master bridge");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var machine in Enumerable.Range(0, _machines))
        {
            Run($"netns del {Namespace(machine)}"); // With it go both its cables.
        }

        Run($"netns del {Switch}");
    }

    /// <summary>Takes the number for this network; answers why that is not possible.</summary>
    private string? Reserve() => Run($"netns add {Switch}");

    private void Build()
    {
        Do($"-n {Switch} link add bridge type bridge");
        Do($"-n {Switch} link set bridge up");
        for (var machine = 0; machine < _machines; machine++)
        {
            var (name, outside) = (Namespace(machine), Text($"vtr{_number}c{machine}"));
            Do($"netns add {name}");
            Do($"-n {name} link set lo up");
            Do($"-n {name} link add switch type veth peer name port{machine} netns {Switch}");
            Do($"-n {Switch} link set port{machine} up master bridge");
            Do($"-n {name} addr add {AddressOf(machine)}/25 dev switch");
            Do($"-n {name} link set switch up");
            Do($"link add {outside} type veth peer name cable netns {name}");
            Do($"addr add 10.213.{_number}.{129 + (4 * machine)}/30 dev {outside}");
            Do($"link set {outside} up");
            Do($"-n {name} addr add {CableOf(machine)}/30 dev cable");
            Do($"-n {name} link set cable up");
        }
    }

    private string Namespace(int machine) => Text($"vitrine-{_number}-{machine}");

    private static void Do(FormattableString command)
    {
        if (Run(command) is { } refusal)
        {
            throw new InvalidOperationException($"ip {Text(command)}: {refusal}");
        }
    }

    /// <summary>Runs <c>ip</c>; null when all went well, otherwise what it said.</summary>
    private static string? Run(FormattableString command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", Text(command).Split(' ')) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return fault.Message; // There is no ip.
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

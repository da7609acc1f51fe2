using System.Diagnostics;
using System.Globalization;

namespace Leat.Pools;

/// <summary>The system's <c>ssh</c>, with its configuration, keys and agents. It asks nobody for anything, and checks host keys as it is configured to.</summary>
internal sealed class SshTransport(string host, IReadOnlyList<string> arguments) : IHostTransport
{
    private readonly HostAddress address = HostAddress.Parse(host);

    public string Name => host;

    public bool IsNetwork => true;

    public ProcessStartInfo Create(IReadOnlyList<string> loader, TimeSpan patience)
    {
        ProcessStartInfo info = LinkProcess.Command("ssh");
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        string seconds = string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)patience.TotalSeconds)}");
        foreach (string option in (string[])["BatchMode=yes", seconds, "ServerAliveInterval=5", "ServerAliveCountMax=3", "ControlMaster=no", "ClearAllForwardings=yes", "RequestTTY=no"])
        {
            info.ArgumentList.Add("-o");
            info.ArgumentList.Add(option);
        }

        if (address.Port is { } port)
        {
            info.ArgumentList.Add("-p");
            info.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        }

        // One word, in quotes that every shell understands: there is none of them, no line feed and no exclamation mark in the loader.
        info.ArgumentList.Add("--");
        info.ArgumentList.Add(address.Destination);
        info.ArgumentList.Add(string.Join(' ', loader.Select(word => word.All(char.IsLetterOrDigit) || word == "-c" ? word : $"'{word}'")));
        return info;
    }

    public LeatException? Explain(int exitCode, string command, string errors)
    {
        bool Says(string words) => errors.Contains(words, StringComparison.OrdinalIgnoreCase);
        const int failed = 255;
        return exitCode != failed ? null
            : Says("Host key verification failed") || Says("IDENTIFICATION HAS CHANGED") ? RemoteErrors.HostKey(host, Says("HAS CHANGED"), command, errors)
            : Says("Permission denied") || Says("Too many authentication failures") ? RemoteErrors.Denied(host, command, errors)
            : RemoteErrors.Unreachable(host, command, errors);
    }
}

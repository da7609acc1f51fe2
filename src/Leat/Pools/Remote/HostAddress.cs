using System.Buffers;
using System.Globalization;

namespace Leat.Pools;

/// <summary>Where a host is, as it is written: <c>host</c>, <c>user@host</c>, <c>host:2222</c>, <c>[::1]:2222</c>.</summary>
/// <param name="Destination">What <c>ssh</c> is told: the host, perhaps with a user.</param>
/// <param name="Port">The port; null for that of the configuration.</param>
internal readonly record struct HostAddress(string Destination, int? Port)
{
    private static readonly SearchValues<char> Foreign = SearchValues.Create(" \t\r\n\0'\"\\`$;|&<>()");

    /// <summary>Reads an address.</summary>
    /// <exception cref="ArgumentException">It is no such text.</exception>
    public static HostAddress Parse(string text)
    {
        int at = text.LastIndexOf('@') + 1;
        string user = text[..at];
        string host = text[at..];
        int? port = null;
        if (host.StartsWith('[') && host.IndexOf(']', StringComparison.Ordinal) is var closing and > 0)
        {
            port = PortOf(text, host[(closing + 1)..]);
            host = host[1..closing];
        }
        else if (host.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 && host.LastIndexOf(':') == colon)
        {
            port = PortOf(text, host[colon..]);
            host = host[..colon];
        }

        // What starts with a dash ssh would take for an option.
        if (host.Length == 0 || text.StartsWith('-') || host.StartsWith('-') || text.AsSpan().ContainsAny(Foreign)) throw RemoteErrors.BadHost(text);
        return new HostAddress(user + host, port);
    }

    private static int? PortOf(string text, string rest) =>
        rest.Length == 0 ? null
        : rest[0] == ':' && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue ? port
        : throw RemoteErrors.BadHost(text);
}

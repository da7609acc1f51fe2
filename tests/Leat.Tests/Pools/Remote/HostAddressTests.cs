using Leat.Pools;

namespace Leat.Tests.Pools.Remote;

public sealed class HostAddressTests
{
    [Theory]
    [InlineData("host1", "host1", null)]
    [InlineData("host2:2222", "host2", 2222)]
    [InlineData("me@host.example", "me@host.example", null)]
    [InlineData("me@host:22", "me@host", 22)]
    [InlineData("127.0.0.1:22", "127.0.0.1", 22)]
    [InlineData("[::1]:2222", "::1", 2222)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("me@[fe80::1%eth0]:22", "me@fe80::1%eth0", 22)]
    [InlineData("::1", "::1", null)]
    public void An_address_is_read(string text, string destination, int? port) => Assert.Equal(new HostAddress(destination, port), HostAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("host:ssh")]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("me@-oProxyCommand=evil")]
    [InlineData("me@")]
    [InlineData("a host")]
    [InlineData("host;evil")]
    [InlineData("[::1]22")]
    public void Anything_else_is_refused(string text) => Assert.Contains("LEAT0212", Assert.Throws<ArgumentException>(() => HostAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("docker run -i --rm image {worker}", "docker|run|-i|--rm|image|{worker}")]
    [InlineData("  a\t b\nc  ", "a|b|c")]
    [InlineData("a 'b c' \"d e\"", "a|b c|d e")]
    [InlineData("a\\ b 'c\\d' \"e\\\"f\\g\"", "a b|c\\d|e\"f\\g")]
    [InlineData("a'b'\"c\"d ''", "abcd|")]
    [InlineData("$HOME `x` *", "$HOME|`x`|*")]
    public void A_command_is_taken_apart_as_a_shell_does(string command, string words) => Assert.Equal(words.Split('|'), CommandWords.Split(command));
}

using Leat.Pools;

namespace Leat.Tests.Pools;

public sealed class GpusTests
{
    [Fact]
    public void The_devices_of_the_machine_are_counted()
    {
        using var folder = new TemporaryDirectory();
        foreach (string name in (string[])["nvidia10", "nvidia2", "nvidiactl", "nvidia-uvm", "nvidia0", "null"]) File.WriteAllText(folder[name], "");
        Assert.Equal(["0", "2", "10"], Gpus.Find(null, folder.Path));
        Assert.Empty(Gpus.Find(null, folder["nowhere"]));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-1", "")]
    [InlineData("2, 0", "2 0")]
    [InlineData("1,-1,0", "1")]
    [InlineData("GPU-8932f937,MIG-1", "GPU-8932f937 MIG-1")]
    public void The_variable_says_which_are_meant(string variable, string names) =>
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), Gpus.Find(variable, "/nowhere"));
}

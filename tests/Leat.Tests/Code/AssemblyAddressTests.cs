using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Leat.Code;
using Leat.Tests.Tree;
using Microsoft.CodeAnalysis;

namespace Leat.Tests.Code;

public sealed class AssemblyAddressTests
{
    [Fact]
    public void An_assembly_is_found_where_it_was_loaded_from()
    {
        using var folder = new TemporaryDirectory();
        SyntaxTree tree = Compiled.Parse("Here.cs", "public static class Here { public static int Value() => 7; }");
        Assert.True(Compiled.Compilation("LoadedByHand", OutputKind.DynamicallyLinkedLibrary, [tree]).Emit(folder["Here.dll"]).Success);
        using var file = new PEReader(File.OpenRead(folder["Here.dll"]));
        MetadataReader metadata = file.GetMetadataReader();
        Guid build = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);

        Assembly loaded = new AssemblyAddress("LoadedByHand", build, folder["Here.dll"]).Load();
        Assert.Equal(build, loaded.ManifestModule.ModuleVersionId);
        Assert.Same(loaded, new AssemblyAddress("LoadedByHand", build, "").Load());
    }

    [Fact]
    public void An_assembly_of_the_program_is_found_by_its_name()
    {
        Assembly tests = typeof(AssemblyAddressTests).Assembly;
        Assert.Equal(tests.Location, AssemblyAddress.Of(tests).Location);
        Assert.Equal("", AssemblyAddress.Of(typeof(int).Assembly).Location);
        Assert.Same(tests, new AssemblyAddress("Leat.Tests", Guid.Empty, "").Load());
    }
}

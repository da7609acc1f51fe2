using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>What an author said by hand about the code of a method: its version, or null where it is not to count.</summary>
internal readonly record struct Pin(string? Version)
{
    /// <summary>All methods and types of a module that are pinned.</summary>
    public static Dictionary<EntityHandle, Pin> In(MetadataReader reader)
    {
        Dictionary<EntityHandle, Pin> pins = [];
        foreach (CustomAttributeHandle handle in reader.CustomAttributes)
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference) continue;
            MemberReference constructor = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
            if (constructor.Parent.Kind != HandleKind.TypeReference) continue;
            TypeReference type = reader.GetTypeReference((TypeReferenceHandle)constructor.Parent);
            if (!reader.StringComparer.Equals(type.Namespace, nameof(Leat))) continue;
            if (reader.StringComparer.Equals(type.Name, nameof(CodeVersionAttribute)))
            {
                BlobReader value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                pins[attribute.Parent] = new Pin(value.ReadSerializedString() ?? "");
            }
            else if (reader.StringComparer.Equals(type.Name, nameof(IgnoreCodeChangesAttribute)))
            {
                pins.TryAdd(attribute.Parent, new Pin(null));
            }
        }
        return pins;
    }
}

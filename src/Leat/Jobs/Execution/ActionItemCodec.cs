using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>A call by its parts, one after the other: every process that runs one action has to have it, and making code for that takes longer.</summary>
internal sealed class ActionItemCodec : ICodec<ActionItem>
{
    public void Write(EncodingWriter writer, ActionItem value)
    {
        writer.WriteValue(value.Job);
        writer.WriteValue(value.Inputs is not null);
        WriteAll(writer, value.Inputs ?? []);
        WriteAll(writer, value.Names);
        WriteAll(writer, value.Paths);
        writer.WriteVarint((ulong)value.Variables.Length);
        foreach ((string name, string text) in value.Variables)
        {
            writer.WriteValue(name);
            writer.WriteValue(text);
        }

        writer.WriteValue(value.View is not null);
        if (value.View is not null) writer.WriteValue(value.View);
        writer.WriteValue(value.Folder);
    }

    public ActionItem Read(EncodingReader reader)
    {
        string job = reader.ReadValue<string>();
        bool isLimited = reader.ReadValue<bool>();
        string[] inputs = ReadAll(reader);
        string[] names = ReadAll(reader);
        string[] paths = ReadAll(reader);
        var variables = new KeyValuePair<string, string>[reader.ReadCount()];
        for (int i = 0; i < variables.Length; i++) variables[i] = new KeyValuePair<string, string>(reader.ReadValue<string>(), reader.ReadValue<string>());
        return new ActionItem(job, isLimited ? inputs : null, names, paths, variables)
        {
            View = reader.ReadValue<bool>() ? reader.ReadValue<HostView>() : null,
            Folder = reader.ReadValue<string?>(),
        };
    }

    private static void WriteAll(EncodingWriter writer, string[] texts)
    {
        writer.WriteVarint((ulong)texts.Length);
        foreach (string text in texts) writer.WriteValue(text);
    }

    private static string[] ReadAll(EncodingReader reader)
    {
        var texts = new string[reader.ReadCount()];
        for (int i = 0; i < texts.Length; i++) texts[i] = reader.ReadValue<string>();
        return texts;
    }
}

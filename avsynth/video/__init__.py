"""Pictures: reading, writing and inspecting video, finding and placing the mouth."""
